using System.Security.Cryptography;
using System.Text.Json;
using Involute.Host.Tests.CommandLine;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
using Involute.Tests;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary><c>train --from</c>: a run that goes on from a step of another one.</summary>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed class ForkTests : IAsyncLifetime
{
    private const int Steps = 21;
    private const int From = 14;

    private readonly RunsOnDisk _runs = new();

    public async ValueTask InitializeAsync() => await TrainAsync("parent", "keep-theta-every=3");

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        _runs.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task With_the_same_settings_it_is_the_other_run_bit_for_bit()
    {
        var begun = await ForkAsync("fork", From);

        Assert.Contains("forked from run parent at outer step 14", begun.Output);
        Assert.Contains("carried over: theta, meta-optimizer, pairs", begun.Output);
        Assert.DoesNotContain(begun.Output, line => line.Contains("anew", StringComparison.Ordinal));
        Assert.Equal(await ThetaAsync("parent"), await ThetaAsync("fork"));
        Assert.Equal(Rows("parent", "metrics.csv", From), Rows("fork", "metrics.csv", 0));
        Assert.Equal(Rows("parent", "pairs.csv", From), Rows("fork", "pairs.csv", 0));
        Assert.Empty(begun.Errors);

        var shown = (await RunAsync(["show", "fork", "--runs", _runs.Path])).Expect(0).AllOutput;
        Assert.Contains("parent at outer step 14", shown, StringComparison.Ordinal);
        var listed = (await RunAsync(["runs", "--runs", _runs.Path])).Expect(0).Output;
        Assert.Contains(listed, line => line.EndsWith("folder; forked from parent at outer step 14", StringComparison.Ordinal));
        Assert.Contains("compared with the ledger of run parent", await VerifyAsync("fork"), StringComparison.Ordinal);
        (await RunAsync([.. _runs.Resuming("fork"), "--at", "0"])).ExpectOneLine(64, "has no start of its own", "allowed: 14, 21");
        Directory.CreateDirectory(Path.Combine(_runs.Path, "moved"));
        Directory.Move(Path.Combine(_runs.Path, "parent"), Path.Combine(_runs.Path, "moved", "parent"));
        Assert.Contains("that run is not in", await VerifyAsync("fork"), StringComparison.Ordinal);

        // The theta that it began with does not depend on the checkpoint of that step.
        Assert.Equal(
            RunThetas.Read(_runs.File("fork", "")).Of(From)!.HashText(),
            Convert.ToHexStringLower(SHA256.HashData(
                await File.ReadAllBytesAsync(_runs.File("fork", "thetas/14.f32"), TestContext.Current.CancellationToken))));

        // A fork of a fork, at the step that it begins with, and further than either.
        (await ForkAsync("second", From, "fork", "outer-steps=30")).Expect(0);
        Assert.Contains("compared with the ledger of run fork", await VerifyAsync("second"), StringComparison.Ordinal);
        (await RunAsync(_runs.Resuming("fork", "outer-steps=30"))).Expect(0);
        Assert.Equal(await ThetaAsync("fork"), await ThetaAsync("second"));
    }

    [Fact]
    public async Task What_does_not_fit_begins_anew_and_is_named()
    {
        var sigma = await ForkAsync("sigma", From, "parent", "sigma=0.05");
        Assert.Contains("carried over: theta, meta-optimizer", sigma.Output);
        Assert.Contains("begin anew: all pairs, because involute.sigma differs", sigma.Output);

        var rate = await ForkAsync("rate", From, "parent", "meta-optimizer.learning-rate=0.001");
        Assert.Contains("carried over: theta, meta-optimizer, pairs", rate.Output);

        var other = await ForkAsync(
            "other", null, "parent", "meta-optimizer=sgd", "task=quadratic", "estimator=full-es", "pairs=6", "outer-steps=30");
        Assert.Contains("carried over: theta", other.Output);
        Assert.Contains("begins anew: the meta-optimizer, because it is sgd, and was adam", other.Output);

        var kept = await ForkAsync("kept", 9);
        Assert.Contains("begin anew: all pairs, because only theta of that step was kept", kept.Output);

        foreach (var run in new[] { "sigma", "rate", "other", "kept" })
        {
            Assert.Contains("compared with the ledger of run parent", await VerifyAsync(run), StringComparison.Ordinal);
            Assert.NotEqual(await ThetaAsync("parent"), await ThetaAsync(run));
        }

        Assert.StartsWith("10,", Rows("kept", "metrics.csv", 0)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_by_the_settings_that_the_other_run_had_changed_by_then()
    {
        const string Rate = "meta-optimizer.learning-rate";
        (await RunAsync(_runs.Training("changed", [$"outer-steps={From}", "keep-theta-every=3"]))).Expect(0);
        (await RunAsync(_runs.Resuming("changed", $"outer-steps={Steps}", $"{Rate}=0.02", "meta-optimizer.clip-value=0.5")))
            .Expect(0);

        var same = await ForkAsync("fork", From, "changed");
        Assert.Contains("carried over: theta, meta-optimizer, pairs", same.Output);
        Assert.Equal(await ThetaAsync("changed"), await ThetaAsync("fork"));
        await VerifyAsync("fork");
        (await ForkAsync("before", 12, "changed")).Expect(0);
        (await ForkAsync("own", null, "changed", "outer-steps=22", $"{Rate}=0.003")).Expect(0);
        Assert.Equal(["0.02", "0.03", "0.003"], new[] { "fork", "before", "own" }.Select(RateOf));

        string RateOf(string run) => ConfigurationLoader.LoadRun(Path.Combine(_runs.Path, run), [])
            .MetaOptimizer.LearningRateAt(1).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task States_that_stand_in_parts_are_carried_over_too()
    {
        await TrainAsync("large", "task={ name = quadratic, dimension = 20000 }");

        Assert.Contains("carried over: theta, meta-optimizer, pairs", (await ForkAsync("same", From, "large")).Output);
        Assert.Equal(await ThetaAsync("large"), await ThetaAsync("same"));
        (await ForkAsync("anew", From, "large", "sigma=0.02")).Expect(0);
        await VerifyAsync("anew");
    }

    [Fact]
    public async Task What_cannot_be_forked_is_one_line_and_leaves_nothing()
    {
        await RefusedAsync("allowed: 3, 6, 9, 12, 14, 15, 18, 21", "--step", "10");
        await RefusedAsync("involute.outer-steps = 14, but the fork begins after outer step 14",
            ["--step", "14", .. RunsOnDisk.Set("outer-steps=14")]);
        await RefusedAsync("theta of run parent does not fit", [.. RunsOnDisk.Set("optimizer=sgdm", "outer-steps=30")]);
        await RefusedAsync("already exists", "--step", "14", "--name", "parent");
        Assert.Single(_runs.Entries());
        (await RunAsync(["train", "--step", "14", "--runs", _runs.Path])).Expect(2);
        (await RunAsync(["learner", "--resume", "parent", "--step", "14", "--runs", _runs.Path])).Expect(2);

        async Task RefusedAsync(string line, params IEnumerable<string> options) =>
            (await RunAsync(["train", "--from", "parent", "--runs", _runs.Path, .. options])).ExpectOneLine(64, line);
    }

    [Fact]
    public async Task One_that_was_killed_before_its_ledger_began_is_begun_by_resume()
    {
        (await ForkAsync("fork", From)).Expect(0);
        NotBegun("fork");

        (await RunAsync(["show", "fork", "--runs", _runs.Path])).ExpectOneLine(65, "'involute resume fork' begins it");
        (await RunAsync(_runs.Resuming("fork"))).Expect(0);
        Assert.Equal(await ThetaAsync("parent"), await ThetaAsync("fork"));
        await VerifyAsync("fork");

        NotBegun("fork");
        Directory.Delete(Path.Combine(_runs.Path, "parent"), recursive: true);
        (await RunAsync(_runs.Resuming("fork"))).ExpectOneLine(64, "involute runs rm fork");
        await TrainAsync("parent", "sigma=0.02");
        (await RunAsync(_runs.Resuming("fork"))).ExpectOneLine(64, "has another run now");
    }

    [Fact]
    public async Task It_is_compared_with_the_run_that_has_its_step_and_not_with_a_former_copy()
    {
        (await RunAsync(["runs", "copy", "parent", "a-copy", "--runs", _runs.Path])).Expect(0);
        (await RunAsync(_runs.Resuming("parent", "outer-steps=24"))).Expect(0);
        (await ForkAsync("fork", 24, "parent", "outer-steps=26")).Expect(0);
        (await RunAsync(["runs", "rename", "parent", "renamed", "--runs", _runs.Path])).Expect(0);

        Assert.Contains("compared with the ledger of run renamed", await VerifyAsync("fork"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fork_may_stand_in_a_database_on_a_server()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        string[] there = ["store=postgresql", $"store.connection={database.Connection}"];

        (await ForkAsync("there", From, "parent", there)).Expect(0);
        (await ForkAsync("back", From, "there", "store=sqlite")).Expect(0);

        Assert.Equal(await ThetaAsync("parent"), await ThetaAsync("there"));
        Assert.Equal(await ThetaAsync("parent"), await ThetaAsync("back"));
        Assert.Contains("compared with the ledger of run there", await VerifyAsync("back"), StringComparison.Ordinal);
    }

    // A checkpoint that is due while another is written may be left out; that of the end is not.
    private async Task TrainAsync(string run, params IEnumerable<string> settings)
    {
        (await RunAsync(_runs.Training(run, [$"outer-steps={From}", .. settings]))).Expect(0);
        (await RunAsync(_runs.Resuming(run, $"outer-steps={Steps}"))).Expect(0);
    }

    // As a kill leaves it between the folder and the first write to the store.
    private void NotBegun(string run)
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(Path.Combine(_runs.Path, run), "run.db*"))
        {
            File.Delete(file);
        }

        File.WriteAllText(_runs.File(run, "ledger.json"), LedgerMark.NothingCommitted);
    }

    private async Task<InvoluteOutcome> ForkAsync(
        string name, int? step, string from = "parent", params IEnumerable<string> settings) => (await RunAsync(
        [
            "train", "--from", from, "--name", name, "--runs", _runs.Path, "--no-eval",
            .. step is null ? [] : new[] { "--step", $"{step}" }, .. RunsOnDisk.Set(settings),
        ])).Expect(0);

    private async Task<string> ThetaAsync(string run) => JsonElement.Parse(Assert.Single(
        (await RunAsync(["show", run, "--runs", _runs.Path, "--json"])).Expect(0).Output))
        .GetProperty("thetaSha256").GetString()!;

    private async Task<string> VerifyAsync(string run) => string.Join(
        '\n', (await RunAsync(["verify", run, "--runs", _runs.Path, "--replay"])).Expect(0).Output);

    private IReadOnlyList<string> Rows(string run, string table, int after) =>
        [.. File.ReadLines(_runs.File(run, table)).Skip(1)
            .Where(row => int.Parse(row.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture) > after)];

    private Task<InvoluteOutcome> RunAsync(IEnumerable<string> arguments) =>
        InProcess.RunAsync(_runs.Path, [.. arguments]);
}
