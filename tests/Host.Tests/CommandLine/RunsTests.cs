using System.Text.Json;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Runs that are listed and deleted, as a user of the command sees it.</summary>
[Trait("Speed", "slow")]
public sealed class RunsTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Runs_are_listed_while_they_run_and_after_and_a_folder_that_is_none_is_left_out()
    {
        (await _runs.TrainAsync("a", "outer-steps=20")).Expect(0);
        using var running = InvoluteProcess.Start(_runs.Training("b", $"outer-steps={RunsOnDisk.Endless}"));
        await running.LineAsync("outer step 1/");
        Directory.CreateDirectory(System.IO.Path.Combine(_runs.Path, "mine"));
        Directory.CreateDirectory(System.IO.Path.Combine(_runs.Path, "odd"));
        await File.WriteAllTextAsync(_runs.File("odd", "config.conf"), "no {", TestContext.Current.CancellationToken);

        var listed = await ListAsync();

        Assert.Equal(["a finished", "b running", "odd unreadable"], listed.Select(run => $"{run.GetProperty("run")} {run.GetProperty("status")}"));
        Assert.Equal(20, listed[0].GetProperty("outerStep").GetInt32());
        Assert.Equal(RunsOnDisk.Endless, listed[1].GetProperty("outerSteps").GetInt32());
        Assert.Equal("fixed-dim-quadratic", listed[1].GetProperty("task").GetString());
        (await RunsAsync("rm", "a", "b", "--yes")).ExpectOneLine(73, "held by another learner", $"pid {running.Id} on ");
        Assert.Equal(4, _runs.Entries().Count);

        running.Signal(InvoluteProcess.Terminate);
        await running.EndAsync();
        (await RunsAsync("rm", "a", _runs.File("a", "."), "b", "--yes")).Expect(0);
        Assert.Equal(["mine", "odd"], _runs.Entries().Select(System.IO.Path.GetFileName).Order());
    }

    [Fact]
    public async Task Nothing_is_deleted_without_a_yes()
    {
        (await _runs.TrainAsync("a", "outer-steps=3")).Expect(0);

        var refused = (await InvoluteProcess.RunInAsync(
            """echo n | "$@" """, ["runs", "rm", "a", "--runs", _runs.Path])).Expect(1);
        Assert.Contains("delete this run for ever?", refused.AllOutput, StringComparison.Ordinal);
        Assert.Single(_runs.Entries());

        (await InvoluteProcess.RunInAsync("""echo y | "$@" """, ["runs", "rm", "a", "--runs", _runs.Path])).Expect(0);
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task A_run_that_only_a_server_may_have_needs_the_server()
    {
        string[] there = ["store=postgresql", "store.connection=Host=127.0.0.1;Port=1;Username=a;Database=a"];
        (await RunsAsync(["rm", "a", "--yes", .. RunsOnDisk.Set(there)])).ExpectOneLine(69, "127.0.0.1:1");
    }

    [Fact]
    public async Task A_database_lists_runs_without_a_folder_and_a_name_is_free_once_its_run_is_deleted()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        string[] there = ["store=postgresql", $"store.connection={database.Connection}"];
        (await _runs.TrainAsync("a", ["outer-steps=3", .. there])).Expect(0);
        (await _runs.TrainAsync("stays", ["outer-steps=4", .. there])).Expect(0);
        Directory.Delete(System.IO.Path.Combine(_runs.Path, "a"), recursive: true);
        (await _runs.TrainAsync("a", ["outer-steps=3", .. there])).ExpectOneLine(64, "involute runs rm a");

        var listed = await ListAsync([.. RunsOnDisk.Set(there)]);
        Assert.Equal(["stays finished 4", "a stored 3"], listed.Select(
            run => $"{run.GetProperty("run")} {run.GetProperty("status")} {run.GetProperty("outerStep")}"));

        (await RunsAsync(["rm", "a", "--yes", .. RunsOnDisk.Set(there)])).Expect(0);
        (await _runs.TrainAsync("a", ["outer-steps=3", .. there])).Expect(0);

        // A run with a folder needs no settings of the store: it has its own.
        (await RunsAsync("rm", "a", "--yes")).Expect(0);
        (await _runs.TrainAsync("a", ["outer-steps=2", .. there])).Expect(0);
        Assert.Equal(4, (await _runs.ShowAsync("stays")).GetProperty("outerStep").GetInt32());
        (await InvoluteProcess.RunAsync(["verify", "stays", "--runs", _runs.Path])).Expect(0);
    }

    [Fact]
    public async Task A_run_that_is_trained_elsewhere_is_not_deleted_from_its_database()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        string[] there = ["store=postgresql", $"store.connection={database.Connection}"];
        using var running = InvoluteProcess.Start(_runs.Training("a", [$"outer-steps={RunsOnDisk.Endless}", .. there]));
        await running.LineAsync("outer step 1/");
        using var elsewhere = new RunsOnDisk();

        (await InvoluteProcess.RunAsync(["runs", "rm", "a", "--yes", "--runs", elsewhere.Path, .. RunsOnDisk.Set(there)]))
            .ExpectOneLine(73, "run 'a' in PostgreSQL", $"pid {running.Id} on ");

        running.Signal(InvoluteProcess.Terminate);
        (await running.EndAsync()).Expect(143);
    }

    private async Task<JsonElement[]> ListAsync(params string[] options) =>
        [.. JsonElement.Parse(Assert.Single((await RunsAsync(["--json", .. options])).Expect(0).Output)).EnumerateArray()];

    private Task<InvoluteOutcome> RunsAsync(params string[] arguments) =>
        InvoluteProcess.RunAsync(["runs", .. arguments, "--runs", _runs.Path]);
}
