namespace Involute.Runs.Claims;

/// <summary>Another process has claimed the run: exit code 73.</summary>
public sealed class RunClaimedException(string place, string claimant)
    : IOException($"{place} is held by another learner ({claimant})")
{
    /// <summary>The claimant, as it has written itself down: process, host and since when.</summary>
    public string Claimant { get; } = claimant;
}
