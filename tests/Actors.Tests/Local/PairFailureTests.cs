using Involute.Actors.Tests.Doubles;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Local;

public sealed class PairFailureTests
{
    private const int OuterSteps = 12;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(9, 2)]
    public async Task A_pair_that_throws_once_is_replayed_and_changes_nothing(int pair, uint trajectory)
    {
        var (plan, problem) = Faulty(pair, trajectory, 1, () => new InvalidOperationException("cosmic ray"));
        var observer = new RecordingObserver();
        await using var run = new TestRun(
            TestRun.Settings(plan, OuterSteps, 5), MemoryLedgerActor.CreateProps(new MemoryStore()), observer);
        run.AddNode();

        var outcome = await run.Outcome;

        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.True(problem.Thrown >= 1);
        Assert.Equal(TestPlans.SequentialHashes(TestPlans.Adam(), OuterSteps), observer.Hashes);
        var warning = Assert.Single(observer.Warnings);
        Assert.Contains($"pair {pair} failed", warning, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: cosmic ray; restart 1 of 3", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pair_that_always_throws_ends_the_run_with_its_name_and_the_error()
    {
        var (plan, problem) = Faulty(3, 1, int.MaxValue, () => new InvalidOperationException("a bug"));
        var observer = new RecordingObserver();
        await using var run = new TestRun(
            TestRun.Settings(plan, OuterSteps), MemoryLedgerActor.CreateProps(new MemoryStore()), observer);
        run.AddNode();

        var outcome = await run.Outcome;

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Equal(4, problem.Thrown);
        Assert.Equal(
            $"pair 3 failed in outer step {observer.Steps.Count + 1} (seed 11): InvalidOperationException: a bug, "
            + $"again after 3 restarts; the last checkpoint is of step {outcome.CheckpointStep}",
            outcome.Message);
    }

    [Fact]
    public async Task A_plan_that_its_parts_refuse_is_not_tried_again()
    {
        var (plan, problem) = Faulty(2, 0, int.MaxValue, () => new ArgumentException("sigma"));
        await using var run = new TestRun(
            TestRun.Settings(plan, OuterSteps),
            MemoryLedgerActor.CreateProps(new MemoryStore()),
            new RecordingObserver());
        run.AddNode();

        var outcome = await run.Outcome;

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Equal(1, problem.Thrown);
        Assert.Contains("ArgumentException: sigma", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_that_runs_out_takes_the_node_down_and_with_the_only_node_the_run()
    {
        var (plan, problem) = Faulty(2, 0, int.MaxValue, () => new InsufficientMemoryException("20 GB"));
        await using var run = new TestRun(
            TestRun.Settings(plan, OuterSteps),
            MemoryLedgerActor.CreateProps(new MemoryStore()),
            new RecordingObserver());
        run.AddNode();

        var outcome = await run.Outcome;

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Equal(1, problem.Thrown);
        Assert.StartsWith("no node is left (it stopped); pair 2 failed", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("InsufficientMemoryException: 20 GB", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_memory_leaves_its_pairs_to_another_and_theta_as_it_would_have_been()
    {
        // Two nodes run out of memory, the third does not.
        var (plan, _) = Faulty(2, 1, 2, () => new InsufficientMemoryException("20 GB"));
        var observer = new RecordingObserver();
        await using var run = new TestRun(
            TestRun.Settings(plan, OuterSteps).WithRestarts(2),
            MemoryLedgerActor.CreateProps(new MemoryStore()),
            observer);
        run.AddNode("first");
        run.AddNode("second");
        run.AddNode("third");

        var outcome = await run.Outcome;

        Assert.True(outcome.Status == RunStatus.Finished, outcome.Message);
        Assert.Equal(TestPlans.SequentialHashes(TestPlans.Adam(), OuterSteps), observer.Hashes);
        Assert.Equal(
            2, observer.Warnings.Count(warning => warning.EndsWith("is gone: its pairs go on elsewhere", StringComparison.Ordinal)));
    }

    private static (TrainingPlan<float> Plan, FaultyProblem Problem) Faulty(
        int pair, uint trajectory, int times, Func<Exception> fault)
    {
        var plan = TestPlans.Adam();
        var problem = new FaultyProblem(plan.Problem, pair, trajectory, step: 1, times, fault);
        return (plan.With(problem), problem);
    }
}
