using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Involute.Tests;
using Npgsql;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>What an administrator does with a server that has runs: dump, restore, limits.</summary>
[Trait("Speed", "slow")]
public sealed class PostgresServiceTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_run_goes_on_in_a_database_that_was_restored_from_a_dump()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var restored = await PostgresDatabase.CreateAsync();
        using var folder = new ScratchFolder();
        var dump = Path.Combine(folder.Path, "dump");
        (await _runs.TrainAsync("a", ["outer-steps=100", .. In(database.Connection)])).Expect(0);

        await RunAsync("pg_dump", database, "--format=custom", $"--file={dump}");
        await RunAsync("pg_restore", restored, "--exit-on-error", dump);

        (await _runs.ResumeAsync("a", "outer-steps=200", $"store.connection={restored.Connection}")).Expect(0);
        (await _runs.TrainAsync("sqlite", "outer-steps=200")).Expect(0);
        await _runs.AssertSameAsync("sqlite", "a");
        (await InvoluteProcess.RunAsync(["verify", "a", "--runs", _runs.Path, "--replay"])).Expect(0);

        // The database that was dumped is one that has gone back in time: not unasked.
        var back = await _runs.ResumeAsync("a", "outer-steps=300", $"store.connection={database.Connection}");
        back.ExpectOneLine(65, "its end was cut off");
        var at = Regex.Match(back.AllErrors, "'involute resume a --at ([0-9]+)'").Groups[1].Value;
        (await InvoluteProcess.RunAsync(
            [.. _runs.Resuming("a", "outer-steps=200", $"store.connection={database.Connection}"), "--at", at])).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("sqlite"), await _runs.ThetaAsync("a"));
    }

    [Fact]
    public async Task A_server_without_a_free_connection_is_69_at_the_start_and_waited_for_later()
    {
        await using var server = await PostgresServer.StartAsync();
        await using (var change = new NpgsqlConnection($"{server.Connection};Pooling=False"))
        {
            await change.OpenAsync(TestContext.Current.CancellationToken);
            await using var limit = new NpgsqlCommand("ALTER SYSTEM SET max_connections = 24", change);
            await limit.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await server.RestartAsync();
        List<NpgsqlConnection> others = [];
        await FillAsync(server, others);
        (await _runs.TrainAsync("a", ["outer-steps=3", .. In(server.Connection)])).ExpectOneLine(69, "too many clients");
        Assert.Empty(_runs.Entries());
        await EmptyAsync(others);

        using var run = InvoluteProcess.Start(
            _runs.Training("a", [$"outer-steps={RunsOnDisk.Endless}", "checkpoint-interval=20", .. In(server.Connection)]));
        await run.LineAsync("outer step 1/");
        await TakeConnectionsAsync(server, others, run.ErrorAsync("the store does not answer"));
        await EmptyAsync(others);
        await run.ErrorAsync("the store answers again");
        run.Signal(InvoluteProcess.Terminate);
        (await run.EndAsync()).Expect(143);

        var steps = (await _runs.ShowAsync("a")).GetProperty("outerStep").GetInt32() + 10;
        (await _runs.ResumeAsync("a", $"outer-steps={steps}")).Expect(0);
        (await _runs.TrainAsync("sqlite", $"outer-steps={steps}")).Expect(0);
        await _runs.AssertSameAsync("sqlite", "a");
    }

    // Needs no server: the name is looked at before anything is asked of it.
    [Theory]
    [InlineData("a'b")]
    [InlineData("a\"b")]
    [InlineData("a;DROP TABLE journal")]
    [InlineData("a b")]
    public async Task A_name_with_quotes_is_refused_by_every_command(string name)
    {
        var training = _runs.Training(name, In("Host=127.0.0.1;Port=1;Username=u"));

        (await InvoluteProcess.RunAsync(training)).ExpectOneLine(64, "is not a run name; allowed: ");
        foreach (var command in new[] { "resume", "show", "verify", "eval" })
        {
            var refused = await InvoluteProcess.RunAsync([command, name, "--runs", _runs.Path]);
            Assert.Contains(refused.ExitCode, new[] { 64, 74 });
            refused.ExpectOneLine(refused.ExitCode, name);
        }

        Assert.Empty(_runs.Entries());
    }

    // All that a server gives; a learner that asks meanwhile gets none.
    private static async Task FillAsync(PostgresServer server, List<NpgsqlConnection> others)
    {
        try
        {
            while (true)
            {
                var other = new NpgsqlConnection($"{server.Connection};Pooling=False");
                await other.OpenAsync();
                others.Add(other);
            }
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            Assert.NotEmpty(others);
        }
    }

    // A learner keeps the connections that it has: they are ended and taken from it, until it has said that it gets none.
    private static async Task TakeConnectionsAsync(PostgresServer server, List<NpgsqlConnection> others, Task said)
    {
        await FillAsync(server, others);
        while (!said.IsCompleted)
        {
            await using (var end = new NpgsqlCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'involute%'", others[0]))
            {
                await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            await FillAsync(server, others);
        }

        await said;
    }

    private static async Task EmptyAsync(List<NpgsqlConnection> others)
    {
        foreach (var other in others)
        {
            await other.DisposeAsync();
        }

        others.Clear();
    }

    private static async Task RunAsync(string program, PostgresDatabase database, params string[] arguments)
    {
        var path = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin", program)).LastOrDefault(File.Exists)
            : null;
        Assert.SkipWhen(path is null, $"{program} is not installed below /usr/lib/postgresql");
        var server = new NpgsqlConnectionStringBuilder(database.Connection);
        using var process = Process.Start(new ProcessStartInfo(path!,
        [
            $"--host={server.Host}", $"--port={server.Port.ToString(CultureInfo.InvariantCulture)}",
            $"--username={server.Username}", $"--dbname={server.Database}", .. arguments,
        ])
        {
            RedirectStandardError = true,
        })!;
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said);
    }

    private static string[] In(string connection) => ["store=postgresql", $"store.connection={connection}"];
}
