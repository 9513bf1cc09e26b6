using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification;
using Involute.Runs.Verification.Evidence;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Verification;

/// <summary>Histories that are correct, or allowed: no violation.</summary>
public sealed class SoundHistoryTests
{
    [Fact]
    public void A_run_of_one_epoch()
    {
        var verified = RecordedRun.Of(10, 4, 8).Verify();

        Assert.Equal(10, verified.LastStep);
        Assert.All(verified.Checks, check => Assert.Equal((check.Name, CheckVerdict.Ok), (check.Name, check.Verdict)));
        Assert.Equal(
            ["journal", "identity", "epochs", "steps", "chain", "pairs", "finite", "commits", "computation", "checkpoints"],
            verified.Checks.Select(check => check.Name));
        Assert.Equal("13 events, sequence 1 to 13", verified.Checks[0].LookedAt);
        Assert.Equal("2 checkpoints (steps 4, 8)", verified.Checks[^1].LookedAt);
    }

    [Fact]
    public void A_run_that_has_written_nothing_has_nothing_to_check()
    {
        var verified = RunVerification.Of(NoRecords.Instance, RecordedRun.Expected);

        Assert.Equal(0, verified.LastStep);
        Assert.All(verified.Checks, check => Assert.Equal(CheckVerdict.NotChecked, check.Verdict));
    }

    [Fact]
    public void A_run_that_was_killed_and_resumed_records_no_step_again()
    {
        var run = RecordedRun.Of(10, 4, 8);
        run.Begin(2);
        run.Events.Add(new SettingChanged(2, "involute.threads", "1", "2"));
        run.Record(11);
        run.Begin(3);
        run.Record(12);
        run.Commit(12);
        run.Store(Sample.Checkpoint(12));
        run.Blobs.Remove(4);

        Assert.Empty(run.Violations());
    }

    [Fact]
    public void A_checkpoint_may_be_committed_again_and_one_may_lack_its_commit()
    {
        var run = RecordedRun.Of(10, 4, 8);
        run.Commit(8);
        run.Store(Sample.Checkpoint(10));

        Assert.Empty(run.Violations());
        Assert.Equal("3 checkpoints (steps 4, 8, 10), 1 not committed", run.Verify().Checks[^1].LookedAt);
    }

    [Fact]
    public void A_learner_that_lost_its_store_for_a_while_has_two_writers_in_one_epoch()
    {
        var run = RecordedRun.Of(3);
        run.Writers[3] = run.Writers[4] = "the second";

        Assert.Empty(run.Violations());
        Assert.StartsWith("1 epoch, 2 writers,", run.Verify().Checks[2].LookedAt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_of_resets_only_has_no_loss_where_settings_allow_it()
    {
        var run = RecordedRun.Of(3);
        run.Forge(2, step => step with { MeanLoss = double.NaN });

        Assert.Empty(run.Violations(RecordedRun.Expected with { MayLackLoss = true }));
        Assert.Equal(["finite: the mean loss of step 2 at sequence 3 is NaN"], run.Violations());
    }
}
