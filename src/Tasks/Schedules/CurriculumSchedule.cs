using Involute.Tasks.Randomness;

namespace Involute.Tasks.Schedules;

/// <summary>Options of <see cref="CurriculumSchedule"/>.</summary>
/// <param name="Spread">Standard deviation of the lengths, in steps; 0 for none.</param>
/// <param name="MinLength">The shortest length, at least 1.</param>
/// <param name="MaxLength">The longest length, at least <paramref name="MinLength"/>.</param>
public sealed record ScheduledLengths(double Spread = 0, int MinLength = 1, int MaxLength = int.MaxValue);

/// <summary>Horizons that depend on the outer step in which a trajectory starts: curricula.</summary>
/// <remarks>trunc(length(outer step)) + trunc(spread · N(0, 1)), clamped to [shortest, longest].</remarks>
public sealed class CurriculumSchedule : ITruncationSchedule
{
    private const int LooksOfRange = 1000;

    // A normal number of 52 random bits is at most 8.21.
    private const double MostDeviations = 8.3;

    private readonly IScalarSchedule _length;
    private readonly ScheduledLengths _options;

    /// <summary>Horizons around <paramref name="length"/>.</summary>
    public CurriculumSchedule(IScalarSchedule length, ScheduledLengths? options = null)
    {
        ArgumentNullException.ThrowIfNull(length);
        _length = length;
        _options = options ?? new ScheduledLengths();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MinLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxLength, _options.MinLength);
        ArgumentOutOfRangeException.ThrowIfNegative(_options.Spread);
    }

    /// <inheritdoc/>
    public string Name => "scheduled";

    /// <inheritdoc/>
    /// <remarks>Of trajectories that start in the first outer step.</remarks>
    public double MeanHorizon => MeanHorizonAt(0);

    /// <inheritdoc/>
    public int Horizon(TrajectoryKey trajectory) => HorizonAt(trajectory, 0);

    /// <inheritdoc/>
    /// <remarks>Without the clamp's effect on a spread, which is small unless the spread reaches the limits.</remarks>
    public double MeanHorizonAt(long outerStep) => Clamped(Math.Truncate(_length.At(outerStep)));

    /// <inheritdoc/>
    public int HorizonAt(TrajectoryKey trajectory, long outerStep)
    {
        var length = Math.Truncate(_length.At(outerStep));
        if (_options.Spread > 0)
        {
            length += Math.Truncate(_options.Spread * trajectory.Stream(RandomStream.Horizon).Normal(0));
        }

        return (int)Clamped(length);
    }

    /// <inheritdoc/>
    /// <remarks>Of some of the outer steps, evenly spaced. With a spread, two standard deviations more and less.</remarks>
    public HorizonRange? Range(long outerSteps)
    {
        var (shortest, longest) = (double.PositiveInfinity, 0.0);
        for (var i = 0; i <= LooksOfRange; i++)
        {
            var length = Math.Truncate(_length.At((long)((outerSteps - 1) * (i / (double)LooksOfRange))));
            shortest = Math.Min(shortest, Clamped(length - (2 * _options.Spread)));
            longest = Math.Max(longest, Clamped(length + (2 * _options.Spread)));
        }

        return new HorizonRange((int)shortest, (int)longest);
    }

    /// <inheritdoc/>
    public int? LongestHorizonAt(long outerStep) =>
        (int)Clamped(Math.Truncate(_length.At(outerStep)) + Math.Ceiling(MostDeviations * _options.Spread));

    private double Clamped(double length) => Math.Clamp(length, _options.MinLength, _options.MaxLength);
}
