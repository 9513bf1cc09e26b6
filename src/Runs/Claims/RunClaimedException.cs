namespace Involute.Runs.Claims;

/// <summary>Another process has claimed the run: exit code 73.</summary>
public sealed class RunClaimedException : IOException
{
    /// <param name="place">The run, as messages call it.</param>
    /// <param name="claimant">Who has it.</param>
    public RunClaimedException(string place, string claimant)
        : base($"{place} is held by another learner ({claimant})") => Claimant = claimant;

    private RunClaimedException(string message)
        : base(message) => Claimant = "unknown";

    /// <summary>The claimant, as it has written itself down: process, host and since when.</summary>
    public string Claimant { get; }

    /// <summary>Another learner has had the run between two looks of this one, and has left it.</summary>
    internal static RunClaimedException Overtaken(string place) =>
        new($"{place}: another learner has gone on with the run while this one began: look at it again");
}
