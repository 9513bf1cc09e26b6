using Involute.Runs.Ledger;
using Involute.Runs.Verification;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Verification;

/// <summary>What is read of a long run: the verdict is that of the whole ledger, for all that is read.</summary>
public sealed class SinceCheckpointsTests
{
    // Events: 1 the epoch, 2 to 5 steps 1 to 4, 6 a commit, 7 to 10 steps 5 to 8, 11 a commit, 12 and 13 steps 9 and 10.
    private readonly RecordedRun _run = RecordedRun.Of(10, 4, 8).Anchored();

    [Fact]
    public void It_ends_as_the_whole_run_does_and_leaves_the_steps_before_the_checkpoints_out()
    {
        var (part, whole) = (Part(), _run.Verify());

        Assert.Null(part.Problem);
        Assert.Equal("7 steps, the last is 10", part.Checks.Single(check => check.Name == "steps").LookedAt);
        Assert.Equal((4, 1), (part.History.FirstStep, whole.History.FirstStep));
        Assert.Equal(
            (whole.LastStep, whole.History.LastThetaSha256, whole.History.FirstWriter),
            (part.LastStep, part.History.LastThetaSha256, part.History.FirstWriter));
        Assert.Equal(whole.WholeSteps, part.WholeSteps);
        Assert.Equal(whole.History.Checkpoint?.Step, part.History.Checkpoint?.Step);
        Assert.Equal(whole.History.MeanLosses.Skip(3), part.History.MeanLosses);
    }

    [Fact]
    public void A_short_ledger_and_one_of_an_older_version_are_read_as_a_whole()
    {
        Assert.Equal(1, RunVerification.SinceCheckpoints(_run, RecordedRun.Expected).History.FirstStep);
        Assert.Equal(1, Part(RecordedRun.Of(10, 4, 8)).History.FirstStep);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(12)]
    public void A_row_that_is_missing_or_marked_is_the_same_violation_wherever_it_stands(int sequence)
    {
        _run.Tamper = rows => rows.Where(row => row.Sequence != sequence);
        ExpectTheVerdictOfTheWhole();
        _run.Tamper = rows => rows.Select(row => row.Sequence == sequence ? row with { Deleted = true } : row);
        ExpectTheVerdictOfTheWhole();
        _run.Tamper = rows => rows.SelectMany(row => row.Sequence == sequence ? new[] { row, row } : [row]);
        ExpectTheVerdictOfTheWhole();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(13)]
    public void So_is_damage_from_the_older_kept_checkpoint_on(int sequence)
    {
        _run.Tamper = rows => rows.Select(row => row.Sequence == sequence ? row with { Message = row.Message[..^1] } : row);
        ExpectTheVerdictOfTheWhole();
    }

    [Fact]
    public void So_are_wrong_checkpoints_forged_steps_and_another_run()
    {
        _run.Blobs[8][40] ^= 1;
        ExpectTheVerdictOfTheWhole();

        var forged = RecordedRun.Of(10, 4, 8).Anchored();
        forged.Forge(6, step => step with { MeanLoss = double.NaN });
        ExpectTheVerdictOfTheWhole(forged);

        var other = RecordedRun.Of(10, 4, 8).Anchored();
        other.PersistenceIds = ["ledger-other"];
        ExpectTheVerdictOfTheWhole(other);
    }

    [Fact]
    public void A_step_before_that_was_changed_with_care_is_seen_by_the_whole_alone()
    {
        _run.Events[2] = ((StepRecorded)_run.Events[2]) with { MeanLoss = 17 };

        Assert.Null(Part().Problem);
        Assert.Equal(
            [
                "commits: the commit of checkpoint 4 at sequence 6 knows other events up to sequence 5 than the ledger has: they "
                    + "were changed later",
                "commits: the commit of checkpoint 8 at sequence 11 knows other events up to sequence 10 than the ledger has: "
                    + "they were changed later",
            ],
            _run.Violations());
    }

    [Fact]
    public void A_commit_that_comes_after_the_step_of_the_next_checkpoint_is_no_violation()
    {
        var late = RecordedRun.Of(12, 4, 8, 12);
        (late.Events[5], late.Events[6]) = (late.Events[6], late.Events[5]);
        for (var i = 6; i < 9; i++)
        {
            (late.Events[i], late.Events[i + 1]) = (late.Events[i + 1], late.Events[i]);
        }

        Assert.Equal(4, ((CheckpointCommitted)late.Anchored().Events[9]).Step);
        Assert.Empty(late.Violations());
        Assert.Equal((null, 8), (Part(late).Problem, Part(late).History.FirstStep));
    }

    [Fact]
    public void Checkpoints_that_were_set_aside_do_not_count()
    {
        var aside = RecordedRun.Of(12, 4, 8, 12);
        aside.Begin(2);
        aside.Events.Add(new CheckpointsSetAside(2, 8));
        aside.Store(Sample.Checkpoint(4));
        aside.Blobs.Remove(12);

        var part = Part(aside.Anchored());

        Assert.Null(part.Problem);
        Assert.Equal((4, 12), (part.History.FirstStep, part.LastStep));
        Assert.Equal([4, 8], part.WholeSteps);
    }

    [Fact]
    public void Changes_of_settings_before_it_are_found_from_one_to_the_other()
    {
        var run = RecordedRun.Of(12, 4, 8, 12);
        run.Events.Insert(3, new SettingChanged(1, "a", "1", "2") { Step = 2 });
        run.Events.Insert(5, new SettingChanged(1, "b", "1", "2") { Step = 3, Previous = 4 });
        run.Events.Insert(6, new SettingChanged(1, "c", "1", "2"));
        run.Events.Insert(16, new SettingChanged(1, "a", "2", "3") { Step = 10, Previous = 6 });
        run.Anchored();
        Assert.Empty(run.Violations());

        var whole = new LedgerState();
        run.Events.ForEach(whole.Apply);
        var start = Involute.Runs.Verification.Evidence.LedgerStart.Find(run, "ledger-run")!;
        var part = start.State();
        run.Events.Skip((int)start.Anchor.Sequence).ToList().ForEach(part.Apply);

        Assert.Equal(8, start.Record.Step);
        Assert.Equal(["a", "b", "a"], whole.Changes.Select(change => change.Key));
        Assert.Equal(whole.Changes, part.Changes);
        Assert.Equal((whole.SettingSequence, whole.AnchorOf(12)), (part.SettingSequence, part.AnchorOf(12)));
        Assert.Equal(whole.Changes, Part(run).History.SettingChanges);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(2, 2)]
    public void A_change_that_stands_elsewhere_than_it_says_is_refused(long step, long previous)
    {
        var run = RecordedRun.Of(4);
        var ledger = new LedgerState();
        run.Events.Take(3).ToList().ForEach(ledger.Apply);
        Assert.Throws<InvalidDataException>(
            () => ledger.Apply(new SettingChanged(1, "a", "1", "2") { Step = step, Previous = previous }));
    }

    [Fact]
    public void A_learner_that_begins_there_has_the_state_of_one_that_has_read_all()
    {
        var whole = new LedgerState();
        _run.Events.ForEach(whole.Apply);
        var start = Involute.Runs.Verification.Evidence.LedgerStart.Find(_run, "ledger-run")!;
        var part = start.State();
        _run.Events.Skip((int)start.Anchor.Sequence).ToList().ForEach(part.Apply);

        Assert.Equal(
            (whole.Epoch, whole.RunId, whole.IdentitySha256, whole.Computation, whole.SettingsInEpoch),
            (part.Epoch, part.RunId, part.IdentitySha256, part.Computation, part.SettingsInEpoch));
        Assert.Equal((whole.LastStep, whole.Checkpoint, whole.PruneUpTo), (part.LastStep, part.Checkpoint, part.PruneUpTo));
        for (var step = 4; step <= 10; step++)
        {
            Assert.Equal((whole.ThetaHash(step), whole.AnchorOf(step)), (part.ThetaHash(step), part.AnchorOf(step)));
            Assert.IsType<StepVerdict.Known>(part.Judge(Sample.Step(step)));
        }

        Assert.Equal(whole.Judge(Sample.Step(11)), part.Judge(Sample.Step(11)));
        Assert.IsType<StepVerdict.Refuse>(part.Judge(Sample.Step(3)));
    }

    private VerifiedRun Part(RecordedRun? run = null) =>
        RunVerification.SinceCheckpoints(run ?? _run, RecordedRun.Expected, eventsReadAnyway: 0);

    private void ExpectTheVerdictOfTheWhole(RecordedRun? run = null)
    {
        Assert.NotNull((run ?? _run).Verify().Problem);
        Assert.Equal((run ?? _run).Verify().Problem, Part(run).Problem);
    }
}
