using Involute.Actors.Learning;
using Involute.Actors.Ledger;
using Involute.Actors.Local;
using Involute.Actors.Tests.Doubles;
using Involute.Actors.Tests.Ledger;
using Involute.Runs;
using Involute.Runs.Stores;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Local;

/// <summary>Runs with their real store, a database in a folder.</summary>
/// <remarks>Without serialize-messages: Akka.Persistence's own local messages are not made for it.</remarks>
public sealed class DurableRunTests
{
    private const int OuterSteps = 12;

    [Theory]
    [InlineData("sqlite", 1)]
    [InlineData("sqlite", 4)]
    [InlineData("sqlite", 7)]
    [InlineData("sqlite", 11)]
    [InlineData("postgresql", 4)]
    [InlineData("postgresql", 11)]
    public async Task A_run_whose_learner_dies_goes_on_from_its_database(string kind, int dieAt)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        var died = await Run(Options(under), step =>
        {
            if (step == dieAt)
            {
                throw new InvalidOperationException("plug pulled");
            }
        });
        Assert.Equal(RunStatus.Failed, died.Outcome.Status);

        var resumed = await Run(Resumed(under, settings => settings), _ => { });

        var expected = TestPlans.SequentialHashes(TestPlans.Adam(), OuterSteps);
        Assert.Equal(RunStatus.Finished, resumed.Outcome.Status);
        Assert.Equal("", resumed.Outcome.Message);
        Assert.Equal(expected[^1], resumed.Outcome.State!.Theta.HashText());
        Assert.Equal(expected[(int)resumed.Observer.Start!.Theta.Version.Value..], resumed.Observer.Hashes);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_stopped_run_is_resumed_and_then_extended(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        var stopped = await Run(Options(under), _ => { }, stopAt: 7);
        Assert.Equal(RunStatus.Interrupted, stopped.Outcome.Status);
        Assert.Equal(stopped.Outcome.State!.Theta.Version.Value, stopped.Outcome.CheckpointStep);
        var written = under.Of(new RunId("test")).LastEvent();
        Assert.True(written > stopped.Outcome.CheckpointStep, $"{written} events");

        var resumed = await Run(Resumed(under, settings => settings), _ => { });
        Assert.Equal(stopped.Outcome.CheckpointStep, resumed.Observer.Start!.Theta.Version.Value);
        Assert.True(under.Of(new RunId("test")).LastEvent() > written);
        var extended = await Run(
            Resumed(under, settings => settings.Until(15, "12")),
            _ => { });

        Assert.Equal(RunStatus.Finished, extended.Outcome.Status);
        Assert.Equal(TestPlans.SequentialHashes(TestPlans.Adam(), 15)[^1], extended.Outcome.State!.Theta.HashText());
        Assert.Empty(extended.Observer.Warnings);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_database_of_another_plan_is_refused(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await Run(Options(under), _ => { });

        var other = await Run(
            Resumed(under, settings => settings with { IdentitySha256 = new string('0', 64) }), _ => { });

        Assert.Equal(RunStatus.BadData, other.Outcome.Status);
    }

    private static Started Options(StoreUnderTest under) =>
        new(TestRun.Settings(TestPlans.Adam(), OuterSteps, 5), under.Of(new RunId("test")));

    private static Started Resumed(StoreUnderTest under, Func<LearnerSettings, LearnerSettings> change)
    {
        var begun = Options(under);
        return begun with { Settings = change(begun.Settings with { Resume = true }) };
    }

    private static async Task<(RunOutcome Outcome, RecordingObserver Observer)> Run(
        Started options, Action<long> onStep, long stopAt = 0)
    {
        var started = new TaskCompletionSource<LocalRun>();
        var observer = new RecordingObserver
        {
            OnStep = step =>
            {
                onStep(step);
                if (step == stopAt)
                {
                    // On the learner's thread: the request is in its mailbox before the steps that follow.
                    started.Task.GetAwaiter().GetResult().RequestStop();
                }
            },
        };
        await using var run = await LocalRun.StartAsync(
            options.Settings, observer, LedgerActor.CreateProps(options.Store, options.Settings.IdentitySha256),
            PersistenceHocon.For(options.Store));
        started.SetResult(run);
        return (await run.Completion.WaitAsync(TimeSpan.FromMinutes(1)), observer);
    }

    /// <summary>A run and where its ledger is.</summary>
    private sealed record Started(LearnerSettings Settings, IRunStore Store);
}
