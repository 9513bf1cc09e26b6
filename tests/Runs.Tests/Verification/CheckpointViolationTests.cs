using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Verification;

/// <summary>Checkpoints with one error each, and the exact message.</summary>
public sealed class CheckpointViolationTests
{
    private readonly RecordedRun _run = RecordedRun.Of(10, 4, 8);

    [Fact]
    public void A_commit_beyond_the_last_acknowledged_step()
    {
        _run.Events.Insert(1, new CheckpointCommitted(1, 1, Sample.Hash("too early")));
        Assert.Equal(
            [
                "commits: the checkpoint of step 1 is committed at sequence 2, beyond the last acknowledged step, 0",
            ],
            _run.Violations());
    }

    [Fact]
    public void A_commit_and_a_checkpoint_of_a_step_that_the_ledger_does_not_know()
    {
        _run.Tamper = rows => rows.Where(row => row.Sequence != 10);
        Assert.Equal(
            [
                "journal: sequence 10 is missing",
                "steps: step 9 at sequence 12 follows step 7",
                "commits: the checkpoint of step 8 is committed at sequence 11, beyond the last acknowledged step, 7",
                "commits: a checkpoint of step 8 is stored, which the ledger does not contain",
            ],
            _run.Violations());
    }

    [Fact]
    public void A_checkpoint_beyond_the_last_acknowledged_step()
    {
        _run.Store(Sample.Checkpoint(12));
        Assert.Equal(
            ["commits: a checkpoint of step 12 is stored, beyond the last acknowledged step, 10"], _run.Violations());
    }

    [Fact]
    public void A_checkpoint_that_stands_twice()
    {
        _run.Repeated = 8;
        Assert.Equal(["checkpoints: the checkpoint of step 8: it has two rows"], _run.Violations());
    }

    [Theory]
    [InlineData(0, "not a checkpoint (wrong magic)")]
    [InlineData(60, "checkpoint is damaged (SHA-256 does not match)")]
    [InlineData(-1, "checkpoint is damaged (SHA-256 does not match)")]
    public void A_damaged_checkpoint(int place, string damage)
    {
        var blob = _run.Blobs[4];
        blob[place < 0 ? blob.Length + place : place] ^= 1;
        Assert.Equal([$"checkpoints: the checkpoint of step 4: {damage}"], _run.Violations());
    }

    [Fact]
    public void A_truncated_checkpoint()
    {
        _run.Blobs[8] = _run.Blobs[8][..100];
        Assert.Contains("truncated: 100 of", Assert.Single(_run.Violations()), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_step_another_theta_another_loss()
    {
        var uncommitted = RecordedRun.Of(10);
        uncommitted.Store(Sample.Checkpoint(4), step: 3);
        uncommitted.Store(Sample.Checkpoint(5) with
        {
            State = new OuterState<float>(
            new Theta<float>(new ThetaVersion(5), [1, 2, 3, 4]), new double[2])
        });
        uncommitted.Store(Sample.Checkpoint(6) with { MeanLoss = 7 });

        var violations = uncommitted.Violations();

        Assert.Equal(3, violations.Length);
        Assert.Equal("checkpoints: the checkpoint of step 3: it is of step 4", violations[0]);
        Assert.StartsWith(
            "checkpoints: the checkpoint of step 5: its theta is ", violations[1], StringComparison.Ordinal);
        Assert.EndsWith(
            $"the ledger has {Sample.Step(5).ThetaSha256} (sequence 6)", violations[1], StringComparison.Ordinal);
        Assert.StartsWith(
            "checkpoints: the checkpoint of step 6: its mean loss is 7, the ledger has 0.1666",
            violations[2],
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_checkpoint_that_is_not_the_committed_one()
    {
        var other = Sample.Checkpoint(8);
        _run.Store(other with { Pairs = [other.Pairs[0] with { State = new byte[] { 0, 0, 0, 0 } }, other.Pairs[1]] });
        var violation = Assert.Single(_run.Violations());
        Assert.StartsWith(
            "checkpoints: the checkpoint of step 8: its SHA-256 is ", violation, StringComparison.Ordinal);
        Assert.EndsWith("was committed at sequence 11", violation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_committed_checkpoint_that_is_not_there()
    {
        _run.Blobs.Remove(4);
        Assert.Equal(
            ["checkpoints: the checkpoint of step 4, committed at sequence 6, is missing"], _run.Violations());
    }

    [Fact]
    public void Blocks_that_are_not_the_configured_ones()
    {
        var uncommitted = RecordedRun.Of(10);
        uncommitted.Store(Sample.Checkpoint(5) with { Pairs = [new PairSnapshot(new PairBlock(0, 3), new byte[1])] });
        Assert.Equal(
            ["pairs: the checkpoint of step 5 has 1 block of 3 pairs, not the configured 2 of 3"],
            uncommitted.Violations());
    }

    [Theory]
    [InlineData(float.NaN, 0, "theta")]
    [InlineData(float.PositiveInfinity, 0, "theta")]
    [InlineData(0, double.NaN, "the meta-optimizer")]
    [InlineData(0, double.NegativeInfinity, "the meta-optimizer")]
    public void Numbers_that_are_not_finite(float theta, double memory, string what)
    {
        var run = RecordedRun.Of(10);
        var state = new OuterState<float>(new Theta<float>(new ThetaVersion(5), [1, theta, 1, 1]), new[] { 1, memory });
        run.Forge(5, step => step with { ThetaSha256 = state.Theta.HashText() });
        run.Store(Sample.Checkpoint(5) with { State = state });
        Assert.Equal([$"finite: {what} in the checkpoint of step 5 is not finite"], run.Violations());
    }

    [Fact]
    public void Another_run_or_other_settings()
    {
        var uncommitted = RecordedRun.Of(10);
        uncommitted.Store(Sample.Checkpoint(5) with { RunId = new RunId("other") });
        uncommitted.Store(Sample.Checkpoint(6) with { IdentitySha256 = Sample.Hash("other") });
        Assert.Equal(
            [
                "identity: the checkpoint of step 5 is of run 'other', not of 'run'",
                "identity: the checkpoint of step 6 was written with other settings "
                    + $"({Sample.Hash("other")}; config.conf has {Sample.Identity})",
            ],
            uncommitted.Violations());
    }

    [Fact]
    public void A_row_that_the_store_cannot_give()
    {
        var entry = CheckpointEntry.Of(new CheckpointRow(8, default, "database disk image is malformed"), _ => null);
        Assert.Equal(("database disk image is malformed", null), (entry.Damage, entry.Checkpoint));
    }
}
