using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Verification;

/// <summary>The ledger of a run that goes on from a step of another one.</summary>
public sealed class ForkHistoryTests
{
    private const int From = 4;

    private static RunForked Forked { get; } = new(
        1, new RunId("parent"), "writer", From, Sample.Step(From).ThetaSha256, Sample.Hash("chain"),
        Sample.Step(From).MeanLoss, "theta");

    [Fact]
    public void It_goes_on_from_that_step_and_its_chain()
    {
        var verified = Fork().Verify();

        Assert.Empty(Fork().Violations());
        Assert.Equal(10, verified.LastStep);
        Assert.Equal((From, Forked), (verified.History.FirstStep, verified.History.Fork));
        Assert.Equal("6 steps, the last is 10", verified.Checks.Single(check => check.Name == "steps").LookedAt);
        Assert.Equal([From, 8L], verified.WholeSteps);
        Assert.Equal(
            ("origin", "step 4 of run parent", CheckVerdict.NotChecked),
            (verified.Checks[^1].Name, verified.Checks[^1].LookedAt, verified.Checks[^1].Verdict));
    }

    [Fact]
    public void A_learner_goes_on_where_it_ends_and_a_second_origin_is_refused()
    {
        var state = new LedgerState();
        Fork().Events.ForEach(state.Apply);

        Assert.Equal(10, state.LastStep);
        Assert.Equal(Forked.ThetaSha256, state.ThetaHash(From));
        Assert.Throws<InvalidDataException>(() => state.Apply(Forked));
    }

    [Fact]
    public void The_run_that_it_comes_from_is_asked_for_theta_and_chain()
    {
        var record = Forked.Record;
        Assert.Empty(Violations(record));
        Assert.Contains("run parent has no step 4", Assert.Single(Violations(null)), StringComparison.Ordinal);
        Assert.Contains(
            "origin: the run comes from theta", Assert.Single(Violations(record with { ThetaSha256 = Sample.Hash("other") })),
            StringComparison.Ordinal);
        Assert.Contains(
            "another chain behind it", Assert.Single(Violations(record with { ChainSha256 = Sample.Hash("other") })),
            StringComparison.Ordinal);

        string[] Violations(StepRecorded? found) => Fork().Violations(RecordedRun.Expected with
        {
            Parent = _ => new ParentStep(found, "") { IsThere = true },
        });
    }

    [Fact]
    public void One_that_is_not_there_is_no_violation()
    {
        var verified = Fork().Verify(RecordedRun.Expected with { Parent = _ => new ParentStep(null, "it is not here") });

        Assert.Equal(0, verified.Violations);
        Assert.Equal(
            ("step 4 of run parent; it is not here", CheckVerdict.NotChecked),
            (verified.Checks[^1].LookedAt, verified.Checks[^1].Verdict));
    }

    [Fact]
    public void An_origin_that_does_not_stand_first_or_is_gone_is_a_violation()
    {
        var late = Fork();
        late.Events.Add(Forked);
        Assert.Contains(
            late.Violations(), it => it.Contains("does not stand at its beginning", StringComparison.Ordinal));

        var gone = Fork();
        gone.Events.RemoveAt(1);
        Assert.Contains("steps: step 5 at sequence 3 follows step 0", gone.Violations());
    }

    [Fact]
    public void It_has_no_start_to_compute_again_from()
    {
        var damaged = Fork();
        damaged.Blobs[From][40] ^= 1;
        damaged.Blobs[8][40] ^= 1;

        Assert.Null(damaged.Verify().WayOut);
    }

    private static RecordedRun Fork()
    {
        var run = new RecordedRun();
        run.Begin(1);
        run.Events.Add(Forked);
        run.Commit(From);
        run.Store(Sample.Checkpoint(From));
        var chain = Forked.ChainSha256;
        for (var step = From + 1; step <= 10; step++)
        {
            run.Record(step);
            var recorded = (StepRecorded)run.Events[^1];
            chain = LedgerState.Chain(chain, recorded.ThetaSha256, recorded.ContributionsSha256);
            run.Events[^1] = recorded with { ChainSha256 = chain };
        }

        run.Commit(8);
        run.Store(Sample.Checkpoint(8));
        return run;
    }
}
