using Involute.Actors.Ledger;
using Involute.Actors.Local;
using Involute.Actors.Tests.Doubles;
using Involute.Runs;
using Involute.Runs.Claims;
using Involute.Runs.Stores.Postgres;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class PostgresRestartTests
{
    private const int OuterSteps = 60;

    /// <summary>The server is stopped and started three times while a run writes: it waits and goes on.</summary>
    [Fact]
    public async Task A_run_goes_on_when_the_server_has_been_restarted_and_nothing_is_lost_or_doubled()
    {
        await using var server = await PostgresServer.StartAsync();
        using var folder = new TemporaryFolder();
        var store = new PostgresRunStore(PostgresAddress.Parse(server.Connection), new RunId("test"));
        await using var hold = await RunClaim.ClaimAsync(
            folder.Path, store, TimeProvider.System, TestContext.Current.CancellationToken);
        string[] modes = ["fast", "immediate", "fast"];
        var back = Array.ConvertAll(modes, _ => new TaskCompletionSource());
        using var turn = new SemaphoreSlim(0);
        var observer = new RecordingObserver
        {
            OnStep = step =>
            {
                if (step % 20 == 5)
                {
                    turn.Release();
                }
                else if (step % 20 == 15)
                {
                    // The learner waits here until the server is back: its next write meets a dead connection.
                    Assert.True(back[step / 20].Task.Wait(TimeSpan.FromMinutes(1)));
                }
            },
        };
        await using var run = await LocalRun.StartAsync(
            TestRun.Settings(TestPlans.Adam(), OuterSteps, 5), observer,
            LedgerActor.CreateProps(store, TestPlans.Identity),
            PersistenceHocon.For(store));
        for (var round = 0; round < modes.Length; round++)
        {
            await turn.WaitAsync(TestContext.Current.CancellationToken);
            await server.RestartAsync(modes[round]);
            back[round].SetResult();
        }

        var outcome = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        Assert.Equal((RunStatus.Finished, ""), (outcome.Status, outcome.Message));
        Assert.Equal(TestPlans.SequentialHashes(TestPlans.Adam(), OuterSteps), observer.Hashes);
        Assert.False(hold.Lost.IsCompleted);
        var history = store.Read();
        Assert.Equal((OuterSteps, OuterSteps), ((int)history.LastStep, (int)history.Checkpoint!.Step));
        Assert.Single(history.Epochs);
        Assert.Equal(observer.Hashes[^1], history.LastThetaSha256);
    }
}
