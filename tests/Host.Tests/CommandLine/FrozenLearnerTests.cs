using Involute.Runs;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Postgres;
using Involute.Runs.Stores.Sqlite;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>
/// A learner stands still (SIGSTOP) after it has claimed its run and before it has opened the ledger; another takes the run
/// and finishes it; then the first goes on (SIGCONT).
/// </summary>
[Trait("Speed", "slow")]
public sealed class FrozenLearnerTests : IDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    // Actors start for some tenths of a second between the line that is waited for and the ledger.
    private const int Attempts = 20;

    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task It_ends_with_73_and_writes_nothing_sqlite()
    {
        (await _runs.TrainAsync("a", "outer-steps=20")).Expect(0);
        IRunStore store = new SqliteRunStore(Path.Combine(_runs.Path, "a"), new RunId("a"));
        using var frozen = await FreezeAsync(store, "outer-steps=60");

        // A lock that does not hold: of a file system that has none, or a file that somebody has removed.
        File.Delete(_runs.File("a", "lock"));
        await AssertEndsAsync(frozen, store, _runs);
    }

    [Fact]
    public async Task It_ends_with_73_and_writes_nothing_postgresql()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync(
            "a", "outer-steps=20", "store=postgresql", $"store.connection={database.Connection}")).Expect(0);
        IRunStore store = new PostgresRunStore(PostgresAddress.Parse(database.Connection), new RunId("a"));
        using var frozen = await FreezeAsync(store, "outer-steps=60");

        // As when the server has not heard of its machine for long.
        await database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
                + "WHERE datname = current_database() AND pid <> pg_backend_pid()");
        using var elsewhere = _runs.Copy();
        Directory.CreateDirectory(Path.Combine(elsewhere.Path, "a"));
        File.Copy(_runs.File("a", "config.conf"), elsewhere.File("a", "config.conf"));
        await AssertEndsAsync(frozen, store, elsewhere);
    }

    private static async Task AssertEndsAsync(InvoluteProcess frozen, IRunStore store, RunsOnDisk other)
    {
        (await other.ResumeAsync("a", "outer-steps=60")).Expect(0);
        var (events, epoch, theta) = (store.LastEvent(), store.LastEpoch(), await other.ThetaAsync("a"));

        frozen.Signal(Continue);

        (await frozen.EndAsync()).ExpectOneLine(73, "another learner");
        Assert.Equal((events, epoch, theta), (store.LastEvent(), store.LastEpoch(), await other.ThetaAsync("a")));
        (await InvoluteProcess.RunAsync(["verify", "a", "--runs", other.Path, "--replay"])).Expect(0);
    }

    private async Task<InvoluteProcess> FreezeAsync(IRunStore store, string settings)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var epoch = store.LastEpoch();
            var learner = InvoluteProcess.Start(_runs.Resuming("a", settings));
            await learner.LineAsync("run a in ");
            learner.Signal(Stop);
            if (store.LastEpoch() == epoch)
            {
                return learner;
            }

            (await learner.KillAsync()).Expect(137);
            learner.Dispose();
        }

        throw new InvalidOperationException($"{Attempts} learners had opened their ledger before they stood still");
    }
}
