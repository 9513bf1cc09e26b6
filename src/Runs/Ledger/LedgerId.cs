namespace Involute.Runs.Ledger;

/// <summary>The name of a run's ledger and checkpoints in a store.</summary>
internal static class LedgerId
{
    /// <summary>Stands in every row of the journal and of the snapshots: never change it.</summary>
    public static string Of(RunId runId) => $"ledger-{runId}";
}
