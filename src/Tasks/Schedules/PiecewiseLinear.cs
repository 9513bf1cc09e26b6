namespace Involute.Tasks.Schedules;

/// <summary>Straight lines between given points; constant before the first and behind the last.</summary>
public sealed class PiecewiseLinear : IScalarSchedule
{
    private readonly (long Step, double Value)[] _points;

    /// <summary>Lines through <paramref name="points"/>.</summary>
    /// <exception cref="ArgumentException">There is none, or their steps do not rise.</exception>
    public PiecewiseLinear(params (long Step, double Value)[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Length == 0 || points.Zip(points.Skip(1)).Any(pair => pair.First.Step >= pair.Second.Step))
        {
            throw new ArgumentException("a piecewise linear schedule needs points whose steps rise");
        }

        _points = [.. points];
    }

    /// <inheritdoc/>
    public double At(long outerStep)
    {
        var right = Array.FindIndex(_points, point => point.Step >= outerStep);
        if (right <= 0)
        {
            return right == 0 ? _points[0].Value : _points[^1].Value;
        }

        var (from, to) = (_points[right - 1], _points[right]);
        var share = (double)(outerStep - from.Step) / (to.Step - from.Step);
        return from.Value + (share * (to.Value - from.Value));
    }
}
