using System.Text.RegularExpressions;
using Involute.Runs;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Postgres;
using Involute.Tests;
using Npgsql;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A proxy is switched to a copy of the database that lacks the last steps, while a run goes on.</summary>
[Trait("Speed", "slow")]
public sealed class PostgresProxyTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_meets_a_copy_without_its_last_steps_ends_with_74_and_goes_on_as_the_line_says(bool ends)
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var proxy = new PostgresProxy(database.Connection);
        using var run = InvoluteProcess.Start(_runs.Training(
            "a", [$"outer-steps={RunsOnDisk.Endless}", "checkpoint-interval=20", .. Through(proxy)]));
        await run.LineAsync("outer step 1/");
        var real = new PostgresRunStore(PostgresAddress.Parse(database.Connection), new RunId("a"));
        await UntilAsync(real, 30);
        await using var copy = await database.CopyAsync();
        await UntilAsync(real, ((IRunStore)real).LastEvent() + 100);

        proxy.SwitchTo(new NpgsqlConnectionStringBuilder(copy.Connection).Database!, ends);

        // At an event, or when a checkpoint is looked for through a new connection.
        var ended = (await run.EndAsync()).Expect(74);
        Assert.Matches("lost what it had acknowledged|was written and is not there", ended.AllErrors);
        Assert.DoesNotContain("do not start", ended.AllErrors, StringComparison.Ordinal);
        AssertHasNoHole(await EventsAsync(copy));
        IRunStore left = new PostgresRunStore(PostgresAddress.Parse(copy.Connection), new RunId("a"));
        var steps = $"outer-steps={left.LastEvent() + 100}";
        string[] resume = [.. _runs.Resuming("a", steps)];
        var resumed = await InvoluteProcess.RunAsync(resume);
        if (resumed.ExitCode != 0)
        {
            // The folder knows of a later checkpoint than the store: not unasked.
            resumed.ExpectOneLine(65, "its end was cut off");
            var at = Regex.Match(resumed.AllErrors, "'involute resume a --at ([0-9]+)'");
            (await InvoluteProcess.RunAsync([.. resume, "--at", at.Groups[1].Value])).Expect(0);
        }

        (await _runs.TrainAsync("sqlite", steps)).Expect(0);
        await _runs.AssertSameAsync("sqlite", "a");
        AssertHasNoHole(await EventsAsync(copy));
        (await InvoluteProcess.RunAsync(["verify", "a", "--runs", _runs.Path])).Expect(0);
    }

    private static void AssertHasNoHole(List<long> events) =>
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events);

    private static async Task<List<long>> EventsAsync(PostgresDatabase database)
    {
        await using var connection = database.Open();
        await using var command = new NpgsqlCommand("SELECT sequence_number FROM journal ORDER BY 1", connection);
        await using var rows = await command.ExecuteReaderAsync();
        List<long> events = [];
        while (await rows.ReadAsync())
        {
            events.Add(rows.GetInt64(0));
        }

        return events;
    }

    private static async Task UntilAsync(IRunStore store, long events)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (store.LastEvent() < events)
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    private static string[] Through(PostgresProxy proxy) =>
        ["store=postgresql", $"store.connection={proxy.Connection}"];
}
