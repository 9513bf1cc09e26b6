using System.Text.Json;
using Involute.Host.Tests.CommandLine;
using Involute.Runs.Claims;
using Involute.Tests;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary><c>runs rename</c>, <c>copy</c> and <c>move</c>: the run stays what it is, bit for bit.</summary>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed class RunTransferTests : IAsyncLifetime
{
    private const int Steps = 14;
    private const int Further = 21;

    private readonly RunsOnDisk _runs = new();
    private string _expected = "";

    public async ValueTask InitializeAsync()
    {
        (await RunAsync(_runs.Training("straight", $"outer-steps={Further}"))).Expect(0);
        _expected = await ThetaAsync("straight");

        // Two learners, two checkpoints with anchors, thetas that were kept.
        (await RunAsync(_runs.Training("a", "outer-steps=7", "keep-theta-every=5"))).Expect(0);
        (await RunAsync(_runs.Resuming("a", $"outer-steps={Steps}"))).Expect(0);
    }

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        _runs.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_renamed_run_is_the_same_run_and_its_old_name_is_free()
    {
        (await RunsAsync("rename", "a", "b")).Expect(0);

        Assert.False(Directory.Exists(_runs.File("a", "")));
        await IsTheSameAsync("b");
        Assert.Equal(["b", "straight"], _runs.Entries().Select(Path.GetFileName).Order(StringComparer.Ordinal));
        (await RunAsync(["export", "b", "--step", "5", "--runs", _runs.Path, "--out", _runs.File("b", "x.json")])).Expect(0);
        (await RunAsync(_runs.Training("a", "outer-steps=1"))).Expect(0);
    }

    [Fact]
    public async Task Of_a_copy_and_its_original_each_goes_on()
    {
        (await RunsAsync("copy", "a", "b")).Expect(0);
        (await RunsAsync("copy", "b", "c")).Expect(0);

        await IsTheSameAsync("c");
        await IsTheSameAsync("a");
        await IsTheSameAsync("b");

        // A fork of the one is told by the ledger that both have.
        (await RunAsync(
            ["train", "--from", "c", "--name", "fork", "--runs", _runs.Path, "--no-eval", .. RunsOnDisk.Set("outer-steps=25")]))
            .Expect(0);
        (await RunsAsync("rename", "c", "d")).Expect(0);
        await VerifyAsync("fork", "step 21 of run c; compared with the ledger of run ");
    }

    [Fact]
    public async Task A_folder_that_was_renamed_by_hand_becomes_a_run_of_its_name_or_another()
    {
        Directory.Move(_runs.File("a", ""), _runs.File("b", ""));
        (await RunAsync(["verify", "b", "--runs", _runs.Path])).ExpectOneLine(65, "'involute runs rename b b'");

        (await RunsAsync("copy", "b", "c")).Expect(0);

        // What one that was killed has left.
        Directory.CreateDirectory(_runs.File("b", ".moving"));
        await File.WriteAllTextAsync(_runs.File("b", ".moving/run.db"), "half", TestContext.Current.CancellationToken);
        (await RunsAsync("rename", "b", "b")).Expect(0);
        Assert.False(Directory.Exists(_runs.File("b", ".moving")));

        await IsTheSameAsync("b");
        await IsTheSameAsync("c");
        (await RunsAsync("rename", "b", "b")).ExpectOneLine(64, "has that name already");
    }

    [Fact]
    public async Task Checkpoints_in_parts_go_with_it()
    {
        (await RunAsync(_runs.Training("large", "outer-steps=8", "task={ name = quadratic, dimension = 20000 }"))).Expect(0);
        var theta = await ThetaAsync("large");
        (await RunsAsync("rename", "large", "b")).Expect(0);

        Assert.Equal(theta, await ThetaAsync("b"));
        await VerifyAsync("b");
        (await RunAsync(_runs.Resuming("b", "outer-steps=9"))).Expect(0);
    }

    [Fact]
    public async Task What_cannot_be_done_is_one_line_and_changes_nothing()
    {
        var before = Files();
        (await RunsAsync("rename", "a", "straight")).ExpectOneLine(64, "already exists");
        (await RunsAsync("copy", "a", ".b")).ExpectOneLine(64, "is not a run name");
        (await RunsAsync("rename", "nosuch", "b")).ExpectOneLine(74, "there is no run 'nosuch'");
        (await RunsAsync("move", "a", "--store", "sqlite")).ExpectOneLine(64, "is in that store already");
        (await RunsAsync("move", "a", "--store", "nosuch")).ExpectOneLine(64, "involute.store");
        using (await FolderClaim.ClaimAsync(
            _runs.File("a", ""), TimeProvider.System, TestContext.Current.CancellationToken))
        {
            (await RunsAsync("rename", "a", "b")).ExpectOneLine(73, "is held by another learner");
            (await RunsAsync("copy", "a", "b")).ExpectOneLine(73, "is held by another learner");
            (await RunsAsync("move", "a", "--store", "postgresql")).ExpectOneLine(73, "is held by another learner");
        }

        Assert.Equal(before, Files());
        await IsTheSameAsync("a");
    }

    [Fact]
    public async Task A_run_that_is_damaged_stays_where_it_is()
    {
        using (var database = new SqliteConnection($"Data Source={_runs.File("a", "run.db")};Pooling=False"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            using var damage = database.CreateCommand();
            damage.CommandText = "DELETE FROM journal WHERE sequence_number = 5";
            await damage.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (await RunsAsync("rename", "a", "b")).ExpectOneLine(65, "sequence 5 is missing");
        Assert.Equal(2, _runs.Entries().Count);
    }

    [Fact]
    public async Task A_run_moves_into_a_database_on_a_server_and_back()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        string[] there = [.. RunsOnDisk.Set("store=postgresql", $"store.connection={database.Connection}")];

        (await RunsAsync(["move", "a", .. there])).Expect(0);
        Assert.Empty(Directory.GetFiles(_runs.File("a", ""), "run.db*"));
        (await RunsAsync("copy", "a", "b")).Expect(0);
        (await RunsAsync("rename", "a", "c")).Expect(0);
        Assert.Equal(["ledger-b", "ledger-c"], await LedgersAsync(database));
        await IsTheSameAsync("b");

        // Of a move that was killed before the settings named the new store, its rows are left.
        (await RunsAsync("copy", "c", "d")).Expect(0);
        (await RunsAsync("move", "d", "--store", "sqlite")).Expect(0);
        Assert.Equal(["ledger-b", "ledger-c"], await LedgersAsync(database));
        (await RunsAsync(["move", "d", .. there])).Expect(0);
        (await RunsAsync("copy", "d", "e")).Expect(0);
        (await RunsAsync("move", "e", "--store", "sqlite")).Expect(0);
        await database.ExecuteAsync(
            "INSERT INTO involute.journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, "
            + "writer_uuid) SELECT created, deleted, 'ledger-e', sequence_number, message, manifest, identifier, writer_uuid "
            + "FROM involute.journal WHERE persistence_id = 'ledger-d' AND sequence_number < 9");
        (await RunsAsync(["move", "e", .. there])).Expect(0);
        await IsTheSameAsync("e");

        // Another run of that name is no rest of this one.
        (await RunsAsync(["move", "straight", .. there])).Expect(0);
        (await RunsAsync("rename", "straight", "f")).Expect(0);
        Directory.Delete(_runs.File("f", ""), recursive: true);
        (await RunsAsync("rename", "c", "f")).ExpectOneLine(64, "involute runs rm f");
    }

    private static async Task<List<string>> LedgersAsync(PostgresDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.Connection);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var query = connection.CreateCommand();
        query.CommandText =
            "SELECT DISTINCT persistence_id FROM involute.journal UNION SELECT DISTINCT persistence_id FROM involute.snapshot ORDER BY 1";
        await using var rows = await query.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var found = new List<string>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            found.Add(rows.GetString(0));
        }

        return found;
    }

    // Verifies, and goes on to where a run is that nobody has touched.
    private async Task IsTheSameAsync(string run)
    {
        await VerifyAsync(run);
        (await RunAsync(_runs.Resuming(run, $"outer-steps={Further}"))).Expect(0);
        Assert.Equal(_expected, await ThetaAsync(run));
        Assert.Equal(
            await File.ReadAllTextAsync(_runs.File("straight", "metrics.csv"), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(_runs.File(run, "metrics.csv"), TestContext.Current.CancellationToken));
        await VerifyAsync(run);
    }

    private async Task VerifyAsync(string run, string seen = "no violation") => Assert.Contains(
        (await RunAsync(["verify", run, "--runs", _runs.Path, "--replay"])).Expect(0).Output,
        line => line.Contains(seen, StringComparison.Ordinal));

    private async Task<string> ThetaAsync(string run) => JsonElement.Parse(Assert.Single(
        (await RunAsync(["show", run, "--runs", _runs.Path, "--json"])).Expect(0).Output))
        .GetProperty("thetaSha256").GetString()!;

    private IReadOnlyList<string> Files() =>
        [.. Directory.GetFileSystemEntries(_runs.Path, "*", SearchOption.AllDirectories).Where(
            it => !it.EndsWith("-wal", StringComparison.Ordinal) && !it.EndsWith("-shm", StringComparison.Ordinal)).Order()];

    private Task<InvoluteOutcome> RunsAsync(params IEnumerable<string> arguments) =>
        RunAsync(["runs", .. arguments, "--runs", _runs.Path]);

    private Task<InvoluteOutcome> RunAsync(IEnumerable<string> arguments) =>
        InProcess.RunAsync(_runs.Path, [.. arguments]);
}
