namespace Involute.Processes.Children;

/// <summary>Where in a run a call stands: its first lane.</summary>
/// <param name="Lanes">Lanes of the call.</param>
/// <param name="Pair">The pair of the first.</param>
/// <param name="Step">Its first step within its trajectory.</param>
internal readonly record struct CallPlace(int Lanes, int Pair, long Step)
{
    /// <summary>For a message.</summary>
    public override string ToString() => Lanes == 1
        ? FormattableString.Invariant($"pair {Pair}, step {Step}")
        : FormattableString.Invariant($"{Lanes} lanes from pair {Pair}, step {Step}, on");
}
