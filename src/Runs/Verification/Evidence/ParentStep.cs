using Involute.Runs.Ledger;

namespace Involute.Runs.Verification.Evidence;

/// <summary>What the run that a fork comes from has of the step.</summary>
/// <param name="Record">Its record there; null if there is none, or the run cannot be asked.</param>
/// <param name="Where">Which ledger was asked, or why none was.</param>
internal sealed record ParentStep(StepRecorded? Record, string Where)
{
    /// <summary>Whether the ledger of that run was found.</summary>
    public bool IsThere { get; init; }
}
