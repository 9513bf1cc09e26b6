namespace Involute.Actors.Durability;

/// <summary>Another process holds the run: exit code 73.</summary>
public sealed class RunHeldException(string place, string holder)
    : IOException($"{place} is held by another learner ({holder})")
{
    /// <summary>Who holds it, as it has written it down: process, host and since when.</summary>
    public string Holder { get; } = holder;
}
