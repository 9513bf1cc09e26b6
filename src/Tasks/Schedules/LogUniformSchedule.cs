using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Schedules;

/// <summary>
/// Horizons whose logarithm is uniform: as many trajectories between 100 and 1,000 as between 1,000 and 10,000.
/// </summary>
/// <remarks>trunc(exp(U(ln min, ln max))), clamped to [min, max], because trunc(exp(ln n)) may be n − 1.</remarks>
public sealed class LogUniformSchedule : ITruncationSchedule
{
    private readonly int _min;
    private readonly int _max;
    private readonly double _logMin;
    private readonly double _logRange;

    /// <summary>Horizons from <paramref name="min"/> (at least 1) to <paramref name="max"/> (at least min).</summary>
    public LogUniformSchedule(int min, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        _min = min;
        _max = max;
        _logMin = PortableMath.Log(min);
        _logRange = PortableMath.Log(max) - _logMin;
        MeanHorizon = Mean();
    }

    /// <inheritdoc/>
    public string Name => "log-uniform";

    /// <inheritdoc/>
    public double MeanHorizon { get; }

    /// <inheritdoc/>
    public int Horizon(TrajectoryKey trajectory)
    {
        var uniform = trajectory.Stream(RandomStream.Horizon).Uniform(0);
        return Math.Clamp((int)PortableMath.Exp(_logMin + (uniform * _logRange)), _min, _max);
    }

    /// <inheritdoc/>
    public HorizonRange? Range(long outerSteps) => new HorizonRange(_min, _max);

    // P(H = n) = (ln(n+1) − ln n) / (ln max − ln min) for min ≤ n < max, summed term by term once.
    private double Mean()
    {
        if (_min == _max)
        {
            return _min;
        }

        var sum = 0.0;
        var lower = _logMin;
        for (var n = _min; n < _max; n++)
        {
            var upper = PortableMath.Log(n + 1);
            sum += n * (upper - lower);
            lower = upper;
        }

        return sum / _logRange;
    }
}
