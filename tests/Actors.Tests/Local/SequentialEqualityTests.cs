using Involute.Actors.Local;
using Involute.Actors.Tests.Doubles;
using Involute.Runs;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Local;

public sealed class SequentialEqualityTests
{
    private const int OuterSteps = 20;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(8, 1)]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(8, 4)]
    public async Task Theta_is_that_of_the_sequential_program_after_every_step(int threads, int pairsPerActor)
    {
        var plan = TestPlans.Adam(pairsPerActor);
        var observer = new RecordingObserver();
        var store = new MemoryStore();
        var settings = TestRun.Settings(plan, OuterSteps, 7, threads);

        await using var run = await LocalRun.StartAsync(
            settings with { Run = settings.Run with { Akka = TestRun.SerializeMessages } },
            observer, MemoryLedgerActor.CreateProps(store), "");
        var outcome = await run.Completion.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var expected = TestPlans.SequentialHashes(plan, OuterSteps);
        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.Equal("", outcome.Message);
        Assert.Equal(expected, observer.Hashes);
        Assert.Equal(expected, store.Steps.Values.Select(step => step.ThetaSha256));
        Assert.Equal([7, 14, 20], observer.Checkpoints);
        Assert.Equal(20, outcome.CheckpointStep);
        Assert.Empty(observer.Warnings);
        Assert.Contains(observer.Steps, step => step.Reports.Any(report => report.Resets > 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_order_of_arrival_and_repeated_answers_change_nothing(long seed)
    {
        var plan = TestPlans.Adam();
        var observer = new RecordingObserver();
        await using var run = new TestRun(
            TestRun.Settings(plan, OuterSteps), MemoryLedgerActor.CreateProps(new MemoryStore()), observer);
        var gate = run.System.ActorOf(PermutingGateActor.CreateProps(run.Learner, plan.Blocks().Count, seed));
        run.AddNode(gate: gate);

        var outcome = await run.Outcome;

        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.Equal(TestPlans.SequentialHashes(plan, OuterSteps), observer.Hashes);
    }

    [Fact]
    public async Task A_store_that_holds_a_run_is_not_taken_for_a_new_one()
    {
        var store = new MemoryStore();
        var plan = TestPlans.Sgd();
        await using (var first = new TestRun(
            TestRun.Settings(plan, 2), MemoryLedgerActor.CreateProps(store), new RecordingObserver()))
        {
            first.AddNode();
            await first.Outcome;
        }

        await using var second = new TestRun(
            TestRun.Settings(plan, 1_000_000), MemoryLedgerActor.CreateProps(store), new RecordingObserver());
        var outcome = await second.Outcome;

        Assert.Equal(RunStatus.BadData, outcome.Status);
        Assert.Contains("already holds 2 steps", outcome.Message, StringComparison.Ordinal);
    }
}
