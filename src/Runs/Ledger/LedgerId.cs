namespace Involute.Runs.Ledger;

/// <summary>The name of a run's ledger and checkpoints in a store.</summary>
internal static class LedgerId
{
    private const string Prefix = "ledger-";
    private const string AsidePrefix = "aside-";

    /// <summary>Stands in every row of the journal and of the snapshots: never change it.</summary>
    public static string Of(RunId runId) => $"{Prefix}{runId}";

    /// <summary>The run whose ledger has a name; null if it is no ledger's.</summary>
    public static string? RunOf(string id) =>
        id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : null;

    /// <summary>The name of checkpoints that were set aside.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="sequence">The newest event of the ledger at that time.</param>
    public static string SetAside(RunId runId, long sequence) => $"{AsidePrefix}{sequence}-{Of(runId)}";

    /// <summary>Whether a name is that of checkpoints of a run that were set aside.</summary>
    public static bool IsSetAside(string id, RunId runId) =>
        id.StartsWith(AsidePrefix, StringComparison.Ordinal)
        && id.EndsWith($"-{Of(runId)}", StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(AsidePrefix.Length, id.Length - AsidePrefix.Length - Of(runId).Length - 1), out _);
}
