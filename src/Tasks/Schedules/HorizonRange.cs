namespace Involute.Tasks.Schedules;

/// <summary>How long the trajectories of a training are.</summary>
/// <param name="Shortest">Inner steps of the shortest.</param>
/// <param name="Longest">Inner steps of the longest.</param>
public readonly record struct HorizonRange(int Shortest, int Longest)
{
    /// <summary>Whether a trajectory of so many inner steps may occur.</summary>
    public bool Contains(int steps) => steps >= Shortest && steps <= Longest;

    /// <inheritdoc/>
    public override string ToString() => Shortest == Longest
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Shortest}")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Shortest} to {Longest}");
}
