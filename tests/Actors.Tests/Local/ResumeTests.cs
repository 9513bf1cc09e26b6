using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Actors.Tests.Doubles;
using Involute.Runs;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Local;

public sealed class ResumeTests
{
    private const int OuterSteps = 8;

    private static readonly LearnerSettings Whole = TestRun.Settings(TestPlans.Adam(pairsPerActor: 4), OuterSteps);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_run_that_is_stopped_goes_on_as_if_it_had_not_been(int stopAt)
    {
        var store = new MemoryStore();
        var stopped = await RunUntil(store, stopAt, (run, _) => run.Learner.Tell(new LearnerProtocol.StopRun()));

        // A run stops behind the step that is computed when it hears of it. The theta of that step is out before the observer hears of the
        // step before: its windows can be back before the stop is asked for, and then it is the step behind it.
        Assert.True(
            stopped.Status == RunStatus.Interrupted
                || (stopped.Status == RunStatus.Finished && stopAt >= OuterSteps - 2),
            stopped.ToString());
        Assert.Equal(stopped.State!.Theta.Version.Value, stopped.CheckpointStep);

        await ResumesToTheEnd(store);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_run_whose_learner_dies_goes_on_as_if_it_had_not_been(int killAt)
    {
        var store = new MemoryStore();
        var killed = await RunUntil(store, killAt, (_, _) => throw new InvalidOperationException("plug pulled"));
        Assert.Equal("a bug in the learner: InvalidOperationException: plug pulled", killed.Message);

        await ResumesToTheEnd(store);
    }

    [Fact]
    public async Task A_finished_run_is_extended_by_more_outer_steps()
    {
        var store = new MemoryStore();
        await RunUntil(store, 0, (_, _) => { });

        var observer = new RecordingObserver();
        var outcome = await Run(
            (Whole with { Resume = true }).Until(11, "8"), store, observer);

        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.Equal(TestPlans.SequentialHashes(Whole.Plan, 11)[OuterSteps..], observer.Hashes);
        Assert.Equal("involute.outer-steps", Assert.Single(store.Changes).Key);
    }

    [Fact]
    public async Task A_finished_run_that_is_resumed_ends_at_once_and_writes_nothing()
    {
        var store = new MemoryStore();
        await RunUntil(store, 0, (_, _) => { });
        var checkpoints = store.Checkpoints.Count;

        var observer = new RecordingObserver();
        var outcome = await Run(Whole with { Resume = true }, store, observer);

        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.Equal(OuterSteps, outcome.CheckpointStep);
        Assert.Empty(observer.Steps);
        Assert.Equal(checkpoints, store.Checkpoints.Count);
    }

    [Fact]
    public async Task A_checkpoint_of_other_settings_is_refused()
    {
        var store = new MemoryStore();
        await RunUntil(store, 0, (_, _) => { });

        var outcome = await Run(
            Whole with { Resume = true, IdentitySha256 = "other" }, store, new RecordingObserver());

        Assert.Equal(RunStatus.BadData, outcome.Status);
        Assert.Contains("made under other settings", outcome.Message, StringComparison.Ordinal);
    }

    private static async Task<RunOutcome> RunUntil(MemoryStore store, long step, Action<TestRun, long> act)
    {
        var observer = new RecordingObserver();
        await using var run = new TestRun(Whole, MemoryLedgerActor.CreateProps(store), observer);
        observer.OnStep = done =>
        {
            if (done == step)
            {
                act(run, done);
            }
        };
        run.AddNode();
        return await run.Outcome;
    }

    private static async Task<RunOutcome> Run(LearnerSettings settings, MemoryStore store, RecordingObserver observer)
    {
        await using var run = new TestRun(settings, MemoryLedgerActor.CreateProps(store), observer);
        run.AddNode();
        return await run.Outcome;
    }

    private static async Task ResumesToTheEnd(MemoryStore store)
    {
        var outcome = await Run(Whole with { Resume = true }, store, new RecordingObserver());
        var expected = TestPlans.SequentialHashes(Whole.Plan, OuterSteps);
        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.Equal(expected[^1], outcome.State!.Theta.HashText());
        Assert.Equal(expected, store.Steps.Values.Select(record => record.ThetaSha256));
    }
}
