using Involute.Actors.Ledger;
using Involute.Actors.Protocol;
using Involute.Runs.Folders;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class LedgerGuardTests
{
    [Fact]
    public async Task A_mark_that_cannot_be_written_is_told_once_and_ends_nothing()
    {
        await using var under = await StoreUnderTest.CreateAsync("sqlite");
        await RunningLedger.Written(under.Store, 3, 2);
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "config.conf"), "");
        Directory.CreateDirectory(Path.Combine(folder.Path, "ledger.json", "in the way"));
        var guard = new LedgerGuard { Folder = RunFolder.Open("runs", folder.Path) };
        var told = new List<string>();

        guard.Mark(under.Store, 2, told.Add);
        guard.Mark(under.Store, 3, told.Add);

        Assert.StartsWith("which ledger the run has cannot be written down", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_learner_that_recovers_again_sets_no_checkpoint_aside_that_was_saved_since()
    {
        await using var under = await StoreUnderTest.CreateAsync("sqlite");
        await RunningLedger.Written(under.Store, 7, 3, 5);
        await using var ledger = new RunningLedger(under.Store, guard: new LedgerGuard { At = 3 });
        Assert.Equal(3, (await ledger.Recover()).Checkpoint?.Step);
        ledger.Tell(Sample.Step(4));
        ledger.Tell(Sample.Step(5));
        ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(5)));
        await ledger.ExpectLater<LedgerProtocol.CheckpointSaved>();

        Assert.Equal(5, (await ledger.Recover()).Checkpoint?.Step);
        Assert.Equal([1L], under.Read<long>("SELECT count(*) FROM journal WHERE manifest = 'set-aside-1'"));
    }
}
