using Involute.Tests;
using Npgsql;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A pooler between learner and server, in both of its modes.</summary>
[Trait("Speed", "slow")]
public sealed class PgBouncerTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task In_session_mode_a_run_is_killed_and_resumed_and_keeps_others_away()
    {
        await using var database = await CreateAsync(withSearchPath: true);
        await using var bouncer = await PgBouncer.StartAsync(database, "session");
        using (var killed = InvoluteProcess.Start(
            _runs.Training("a", [$"outer-steps={RunsOnDisk.Endless}", .. Through(bouncer)])))
        {
            await killed.LineAsync("outer step 1/");
            using var elsewhere = _runs.Copy();
            Directory.CreateDirectory(Path.Combine(elsewhere.Path, "a"));
            File.Copy(_runs.File("a", "config.conf"), elsewhere.File("a", "config.conf"));
            (await elsewhere.ResumeAsync("a")).ExpectOneLine(73, $"pid {killed.Id} on ");
            (await killed.KillAsync()).Expect(137);
        }

        var steps = (await _runs.ShowAsync("a")).GetProperty("outerStep").GetInt32() + 100;
        (await _runs.ResumeAsync("a", $"outer-steps={steps}")).Expect(0);
        (await _runs.TrainAsync("sqlite", $"outer-steps={steps}")).Expect(0);
        await _runs.AssertSameAsync("sqlite", "a");
        (await InvoluteProcess.RunAsync(["verify", "a", "--runs", _runs.Path, "--replay"])).Expect(0);
    }

    [Fact]
    public async Task In_transaction_mode_a_run_is_refused_before_anything_is_written()
    {
        await using var database = await CreateAsync(withSearchPath: true);
        await using var bouncer = await PgBouncer.StartAsync(database, "transaction");

        (await _runs.TrainAsync("a", ["outer-steps=3", .. Through(bouncer)])).ExpectOneLine(69, "session mode");

        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task Without_the_search_path_a_run_is_refused_and_the_line_says_what_helps()
    {
        await using var database = await CreateAsync(withSearchPath: false);
        await using var bouncer = await PgBouncer.StartAsync(database, "session");

        (await _runs.TrainAsync("a", ["outer-steps=3", .. Through(bouncer)])).ExpectOneLine(69, "search_path");

        Assert.Empty(_runs.Entries());
    }

    private static async Task<PostgresDatabase> CreateAsync(bool withSearchPath)
    {
        var database = await PostgresDatabase.CreateAsync();
        if (withSearchPath)
        {
            var name = new NpgsqlConnectionStringBuilder(database.Connection).Database;
            await database.ExecuteAsync($"ALTER DATABASE {name} SET search_path = involute");
        }

        return database;
    }

    private static string[] Through(PgBouncer bouncer) =>
        ["store=postgresql", $"store.connection={bouncer.Connection}"];
}
