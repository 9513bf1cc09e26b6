using Involute.Actors.Tests.Doubles;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Ledger;
using Involute.Runs.Verification;
using Involute.Runs.Verification.Evidence;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Local;

/// <summary>Runs of actors, recomputed without them.</summary>
public sealed class ReplayTests
{
    private const int OuterSteps = 11;

    private static readonly TrainingPlan<float> Plan = TestPlans.Adam(pairsPerActor: 3);

    private static readonly ExpectedRun Expected = new(
        new RunId("test"), TestPlans.Identity, Plan.Pairs, Plan.PairsPerActor);

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public async Task What_actors_have_computed_is_computed_again(int threads, bool fromStart)
    {
        var verified = Verify(await TrainAsync());
        var told = new List<ReplayProgress>();

        var result = new Replay(Plan, threads) { FromStart = fromStart, Progress = told.Add }.Run(verified);

        Assert.Equal(CheckVerdict.Ok, result.Verdict);
        Assert.Equal(
            fromStart
                ? "11 steps recomputed from steps 0, 3, 6, 9, 11, 4 checkpoints compared"
                : "8 steps recomputed from steps 3, 6, 9, 11, 3 checkpoints compared",
            result.LookedAt);
        Assert.Equal(
            Enumerable.Range(fromStart ? 1 : 4, fromStart ? 11 : 8), told.Select(progress => (int)progress.Step));
    }

    [Fact]
    public async Task Without_a_checkpoint_a_run_is_recomputed_from_its_start_and_as_far_as_one_asks()
    {
        var store = await TrainAsync();
        store.Checkpoints.Clear();
        var verified = Verify(store);

        Assert.Equal(
            "11 steps recomputed from step 0, 0 checkpoints compared", new Replay(Plan, 2).Run(verified).LookedAt);
        Assert.Equal(
            "4 steps recomputed from step 0, 0 checkpoints compared",
            new Replay(Plan, 2) { MostSteps = 4 }.Run(verified).LookedAt);
    }

    [Fact]
    public async Task A_forged_theta_contribution_or_loss_is_told_with_its_step()
    {
        var store = await TrainAsync();
        var forged = Sample.Hash("forged");
        store.Steps[5] = store.Steps[5] with { ContributionsSha256 = forged };
        store.Steps[8] = store.Steps[8] with { ThetaSha256 = forged };
        store.Steps[10] = store.Steps[10] with { MeanLoss = 0.5 };

        var result = new Replay(Plan, 2).Run(Verify(store));

        Assert.Equal((CheckVerdict.Violated, 3), (result.Verdict, result.Violations));
        Assert.Equal([5, 8, 10], result.Findings.Select(finding => finding.Step));
        Assert.StartsWith(
            "step 5: recomputed from the checkpoint of step 3, contributions: ", result.Findings[0].Message,
            StringComparison.Ordinal);
        Assert.EndsWith($"the ledger has {forged} (sequence 6)", result.Findings[0].Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "step 8: recomputed from the checkpoint of step 6, theta: ", result.Findings[1].Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "step 10: recomputed from the checkpoint of step 9, mean loss: ", result.Findings[2].Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_with_another_state_is_told_from_both_sides()
    {
        var store = await TrainAsync();
        var whole = store.Checkpoints[1];
        var state = whole.Pairs[2].State.ToArray();
        state[^1] ^= 1;
        store.Checkpoints[1] = whole with
        {
            Pairs = [.. whole.Pairs.Select((pair, i) => i == 2 ? pair with { State = state } : pair)],
        };

        var result = new Replay(Plan, 2).Run(Verify(store));

        Assert.Equal(
            "the state of pairs 6 to 8 in the checkpoint of step 6 is not what recomputing from the checkpoint of step "
                + "3 gives",
            result.Findings[0].Message);
        Assert.All(result.Findings.Skip(1), finding => Assert.Contains(
            "recomputed from the checkpoint of step 6", finding.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_meta_optimizer_with_another_memory_is_told()
    {
        var store = await TrainAsync();
        var whole = store.Checkpoints[1];
        var memory = whole.State.MetaOptimizer.ToArray();
        memory[0] = Math.BitIncrement(memory[0]);
        store.Checkpoints[1] = whole with { State = whole.State with { MetaOptimizer = memory } };

        var result = new Replay(Plan, 2).Run(Verify(store));

        Assert.StartsWith(
            "the meta-optimizer's memory in the checkpoint of step 6", result.Findings[0].Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_that_does_not_fit_is_told()
    {
        var verified = Verify(await TrainAsync());

        var result = new Replay(TestPlans.Adam(pairsPerActor: 5), 2).Run(verified);

        Assert.Equal(
            "the checkpoint of step 3 does not fit the configuration: 4 blocks of pairs, but 2 by the configuration",
            result.Findings[0].Message);
    }

    [Theory]
    [InlineData(1, 2, 4)]
    [InlineData(0, 2)]
    [InlineData(2, 1)]
    [InlineData(-1, 1, 3)]
    public void A_ledger_with_gaps_is_not_recomputed(params int[] steps)
    {
        var run = RecordedRun.Of(0);
        Array.ForEach(steps, step => run.Record(step));

        Assert.Equal(CheckVerdict.NotChecked, new Replay(Plan, 1).Run(run.Verify()).Verdict);
    }

    private static async Task<MemoryStore> TrainAsync()
    {
        var store = new MemoryStore();
        await using var run = new TestRun(
            TestRun.Settings(Plan, OuterSteps), MemoryLedgerActor.CreateProps(store), new RecordingObserver());
        run.AddNode();
        Assert.Equal(RunStatus.Finished, (await run.Outcome).Status);
        Assert.Equal([3, 6, 9, OuterSteps], store.Checkpoints.Select(checkpoint => checkpoint.Step));
        return store;
    }

    private static VerifiedRun Verify(MemoryStore store)
    {
        var ledger = new LedgerState();
        var run = new RecordedRun { PersistenceIds = ["ledger-test"] };
        Add(new EpochStarted(1, Expected.RunId, Expected.IdentitySha256));
        foreach (var step in store.Steps.Values)
        {
            Add(((StepVerdict.Write)ledger.Judge(step)).Event);
        }

        store.Checkpoints.ForEach(checkpoint => run.Store(checkpoint));
        return run.Verify(Expected);

        void Add(ILedgerEvent ledgerEvent)
        {
            ledger.Apply(ledgerEvent);
            run.Events.Add(ledgerEvent);
        }
    }
}
