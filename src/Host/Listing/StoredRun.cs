using Involute.Host.Reporting;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Opening;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;

namespace Involute.Host.Listing;

/// <summary>How a run stands that only a shared store has, by its ledger: the store does not know its settings.</summary>
internal static class StoredRun
{
    /// <summary>Reads it. Writes nothing.</summary>
    public static RunSummary Summary(FoundRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var isRunning = run.Store.Claimant() is not null;
        var timeline = RunTimeline.Read(run.Store);
        var ledger = LedgerId.Of(run.Id);
        return new RunSummary(
            run.Id.Value,
            isRunning ? RunStatusFile.Running : ListedRun.Stored,
            timeline.Step,
            timeline.ThetaSha256,
            timeline.MeanLoss,
            Seed: null,
            ConfigSha256: null,
            Estimator: null,
            Task: null,
            (long)run.Store.ReadRecords<object>(records => Checkpoint(records.NewestFirst(ledger))),
            Theta: null,
            new RunProgress(
                null, isRunning ? timeline.RateNow ?? timeline.Rate : null, timeline.Rate, timeline.Seconds, null, null),
            ForkOrigin.Of(timeline.Fork),
            run.Where);
    }

    /// <summary>Hash of the settings that decide theta: of the folder, else by the ledger; null if it does not tell.</summary>
    public static string? IdentityOf(FoundRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Configuration?.IdentitySha256() ?? (run.Store.ReadRecords(records =>
            records.Event(LedgerId.Of(run.Id), 1) is { } row && JournalEntry.Of(row).Event is EpochStarted began
                ? began.IdentitySha256
                : "") is { Length: > 0 } hash ? hash : null);
    }

    // The newest that has not been set aside since.
    private static long Checkpoint(IEnumerable<JournalRow> newestFirst)
    {
        var most = long.MaxValue;
        foreach (var row in newestFirst)
        {
            switch (JournalEntry.Of(row).Event)
            {
                case CheckpointsSetAside aside:
                    most = Math.Min(most, aside.At);
                    break;
                case CheckpointCommitted committed when committed.Step <= most:
                    return committed.Step;
            }
        }

        return 0;
    }
}
