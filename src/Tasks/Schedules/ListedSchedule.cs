using Involute.Tasks.Randomness;

namespace Involute.Tasks.Schedules;

/// <summary>Horizons from a short list, each with its probability.</summary>
public sealed class ListedSchedule : ITruncationSchedule
{
    private readonly IReadOnlyList<(int Horizon, double Probability)> _entries;

    /// <summary>Horizons of at least 1 step; probabilities are positive and add up to 1.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public ListedSchedule(IReadOnlyList<(int Horizon, double Probability)> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (!entries.All(entry => entry.Horizon >= 1 && entry.Probability > 0)
            || Math.Abs(entries.Sum(entry => entry.Probability) - 1) > 1e-9)
        {
            throw new ArgumentException(
                "horizons are at least 1, probabilities positive, and their sum is 1", nameof(entries));
        }

        _entries = entries;
    }

    /// <inheritdoc/>
    public string Name => "listed";

    /// <inheritdoc/>
    public double MeanHorizon => _entries.Sum(entry => entry.Horizon * entry.Probability);

    /// <inheritdoc/>
    public HorizonRange? Range(long outerSteps) =>
        new HorizonRange(_entries.Min(entry => entry.Horizon), _entries.Max(entry => entry.Horizon));

    /// <inheritdoc/>
    public int Horizon(TrajectoryKey trajectory)
    {
        var rest = trajectory.Stream(RandomStream.Horizon).Uniform(0);
        foreach (var (horizon, probability) in _entries)
        {
            rest -= probability;
            if (rest < 0)
            {
                return horizon;
            }
        }

        // Rounding can leave a rest.
        return _entries[^1].Horizon;
    }
}
