using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Verification;

/// <summary>Ledgers with one error each, and the exact message.</summary>
public sealed class LedgerViolationTests
{
    private readonly RecordedRun _run = RecordedRun.Of(10, 4, 8);

    [Fact]
    public void Holes_in_the_sequence()
    {
        // The commit of step 4 and the step after it.
        _run.Tamper = rows => rows.Where(row => row.Sequence is not (6 or 7));
        Assert.Equal(
            ["journal: sequences 6 to 7 are missing", "steps: step 6 at sequence 8 follows step 4"], _run.Violations());
    }

    [Fact]
    public void A_hole_at_the_beginning()
    {
        _run.Tamper = rows => rows.Skip(1);
        var violations = _run.Violations();
        Assert.Equal("journal: sequence 1 is missing", violations[0]);
        Assert.Equal("epochs: step 1 at sequence 2 is of epoch 1, which has not begun", violations[1]);
    }

    [Fact]
    public void A_sequence_number_that_is_taken_twice()
    {
        _run.Tamper = rows => rows.SelectMany(row => row.Sequence == 6 ? new[] { row, row } : [row]);
        Assert.Equal(["journal: sequence 6 is taken twice"], _run.Violations());
    }

    [Fact]
    public void Events_that_are_damaged_or_newer_or_marked_as_deleted()
    {
        _run.Tamper = rows => rows.Select(row => row.Sequence switch
        {
            6 => row with { Message = row.Message[..^1] },
            11 => row with { Manifest = "checkpoint-4" },
            12 => row with { Deleted = true },
            _ => row,
        });
        Assert.Equal(
            [
                "journal: sequence 6: ledger event 'checkpoint-1' is damaged (hash does not match)",
                "journal: sequence 11: ledger event 'checkpoint-4': this version reads step-1, epoch-1, epoch-2, "
                    + "setting-1, setting-2, setting-3, checkpoint-1, checkpoint-2, checkpoint-3, set-aside-1, forked-1",
                "journal: sequence 12: the event is marked as deleted; ledger events never are",
            ],
            _run.Violations());
    }

    [Fact]
    public void A_gap_between_steps()
    {
        _run.Record(13);
        Assert.Equal(["steps: step 13 at sequence 14 follows step 10"], _run.Violations());
        _run.Record(14);
        Assert.Single(_run.Violations());
    }

    [Fact]
    public void A_step_that_is_recorded_again_with_the_same_hashes()
    {
        _run.Begin(2);
        _run.Record(9);
        Assert.Equal(["steps: step 9 is recorded again at sequence 15, the same as at sequence 12"], Without("chain"));
    }

    [Fact]
    public void A_step_that_is_recorded_again_with_another_theta_or_other_contributions()
    {
        _run.Begin(2);
        var step = (StepRecorded)_run.Events[11];
        _run.Events.Add(step with { Epoch = 2, ThetaSha256 = Sample.Hash("drifted") });
        _run.Events.Add(step with { Epoch = 2, ContributionsSha256 = Sample.Hash("drifted") });
        Assert.Equal(
            [
                "steps: step 9 is recorded again at sequence 15, with another theta than at sequence 12",
                "steps: step 9 is recorded again at sequence 16, with other contributions than at sequence 12",
            ],
            Without("chain"));
    }

    [Fact]
    public void A_chain_hash_that_does_not_follow()
    {
        _run.Events[3] = (StepRecorded)_run.Events[3] with { ContributionsSha256 = Sample.Hash("forged") };
        Assert.Equal(["chain: the chain is broken at step 3 (sequence 4)"], _run.Violations());
    }

    [Fact]
    public void Chains_of_two_histories_put_together()
    {
        var other = RecordedRun.Of(10, 4, 8);
        other.Forge(1, step => step with { ThetaSha256 = Sample.Hash("another beginning") });
        _run.Events.RemoveRange(8, 5);
        _run.Events.AddRange(other.Events.Skip(8));
        Assert.Equal(["chain: the chain is broken at step 7 (sequence 9)"], _run.Violations());
    }

    [Fact]
    public void Epochs_that_go_back_or_leave_one_out()
    {
        _run.Begin(3);
        _run.Begin(2);
        Assert.Equal(
            ["epochs: epoch 3 begins at sequence 14, after epoch 1", "epochs: epoch 2 begins at sequence 15, after epoch 3"],
            _run.Violations());
    }

    [Fact]
    public void Two_epochs_at_a_time()
    {
        _run.Begin(2);
        _run.Record(11);
        _run.Events[14] = (StepRecorded)_run.Events[14] with { Epoch = 1 };
        _run.Events.Add(new CheckpointCommitted(8, 1, ((CheckpointCommitted)_run.Events[10]).BlobSha256));
        _run.Events.Add(new SettingChanged(3, "involute.threads", "1", "2"));
        Assert.Equal(
            [
                "epochs: step 11 at sequence 15 is of epoch 1, after epoch 2 has begun at sequence 14",
                "epochs: the commit of checkpoint 8 at sequence 16 is of epoch 1, after epoch 2 has begun at sequence "
                    + "14",
                "epochs: the change of involute.threads at sequence 17 is of epoch 3, which has not begun",
            ],
            _run.Violations());
    }

    [Fact]
    public void A_writer_that_writes_again_after_another_has_begun()
    {
        _run.Begin(2);
        _run.Record(11);
        _run.Writers[15] = "writer 1";
        Assert.Equal(
            ["epochs: sequence 15: writer writer 1 writes again, after another had begun"], _run.Violations());
    }

    [Fact]
    public void Pairs_that_are_not_the_configured_ones()
    {
        _run.Forge(5, step => step with { Pairs = 2 });
        Assert.Equal(["pairs: step 5 at sequence 7 used 2 pairs of 3"], _run.Violations());
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_mean_loss_that_is_not_finite(double loss, string text)
    {
        _run.Forge(5, step => step with { MeanLoss = loss });
        Assert.Equal([$"finite: the mean loss of step 5 at sequence 7 is {text}"], _run.Violations());
    }

    [Fact]
    public void Another_run_or_other_settings()
    {
        _run.Events.Add(new EpochStarted(2, new RunId("other"), Sample.Identity));
        _run.Events.Add(new EpochStarted(3, Sample.Run, Sample.Hash("other settings")));
        Assert.Equal(
            [
                "identity: epoch 2 at sequence 14 is of run 'other', not of 'run'",
                "identity: epoch 3 at sequence 15 was written with other settings "
                    + $"({Sample.Hash("other settings")}; config.conf has {Sample.Identity})",
            ],
            _run.Violations());
    }

    [Fact]
    public void A_second_ledger_beside_the_runs_own_or_in_place_of_it()
    {
        _run.PersistenceIds = ["ledger-run", "ledger-second"];
        Assert.Equal(["identity: the database holds 'ledger-second', which is not of run 'run'"], _run.Violations());

        _run.PersistenceIds = ["ledger-second"];
        Assert.Equal(
            [
                "identity: the database holds 'ledger-second', which is not of run 'run': the folder was copied or "
                    + "renamed, and a run keeps its name; 'involute runs rename run run' makes it a run of this name, or call it "
                    + "'second' again",
            ],
            _run.Violations());
        Assert.Equal(10, _run.Verify().LastStep);
    }

    [Fact]
    public void A_ruined_ledger_is_counted_in_full_and_told_in_part()
    {
        _run.Tamper = rows => rows.Select(row => row with { Message = new byte[20] });
        var journal = _run.Verify().Checks[0];
        Assert.Equal((13, CheckResult.MostFindings), (journal.Violations, journal.Findings.Count));
    }

    private string[] Without(string check) =>
        [.. _run.Violations().Where(line => !line.StartsWith($"{check}: ", StringComparison.Ordinal))];
}
