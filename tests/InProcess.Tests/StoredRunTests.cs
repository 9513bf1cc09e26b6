using System.Text.Json;
using Involute.Host.Tests.CommandLine;
using Involute.Runs;
using Involute.Runs.Stores.Postgres;
using Involute.Tests;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary><c>runs show</c>, <c>diff</c> and <c>compare</c> of a run that only a database has.</summary>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed class StoredRunTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task What_its_ledger_tells_is_shown_compared_and_told_apart()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        string[] there = ["store=postgresql", $"store.connection={database.Connection}"];
        (await RunAsync(_runs.Training("a", ["outer-steps=6", .. there]))).Expect(0);
        (await RunAsync(_runs.Training("twin", ["outer-steps=8", .. there]))).Expect(0);
        (await RunAsync(_runs.Training("other", "outer-steps=8", "seed=1"))).Expect(0);
        var before = await ShowAsync("a");
        var innerSteps = (await File.ReadAllLinesAsync(
            _runs.File("a", "metrics.csv"), TestContext.Current.CancellationToken))[^1].Split(',')[4];
        Directory.Delete(_runs.File("a", ""), recursive: true);
        (await RunAsync(["show", "a", "--runs", _runs.Path])).ExpectOneLine(74, "there is no run");

        var shown = JsonElement.Parse(Assert.Single((await ShowAsync("a", there)).Expect(0).Output));
        var had = JsonElement.Parse(Assert.Single(before.Expect(0).Output));
        foreach (var known in new[] { "runId", "outerStep", "thetaSha256", "meanMetaLoss", "checkpointStep" })
        {
            Assert.Equal(had.GetProperty(known).ToString(), shown.GetProperty(known).ToString());
        }

        Assert.Equal("stored", shown.GetProperty("status").GetString());
        Assert.StartsWith("postgresql ", shown.GetProperty("where").GetString(), StringComparison.Ordinal);
        Assert.All(
            ["seed", "configSha256", "estimator", "task", "theta"],
            unknown => Assert.Equal(JsonValueKind.Null, shown.GetProperty(unknown).ValueKind));
        Assert.Contains(
            "there is no folder here",
            string.Join(' ', (await RunAsync(["runs", "show", "a", .. Options(there)])).Expect(0).Output
                .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
            StringComparison.Ordinal);

        // A learner elsewhere holds it.
        var store = new PostgresRunStore(PostgresAddress.Parse(database.Connection), new RunId("a"));
        await using (await store.ClaimAsync(TimeProvider.System, TestContext.Current.CancellationToken))
        {
            Assert.Contains("\"status\":\"running\"", (await ShowAsync("a", there)).AllOutput, StringComparison.Ordinal);
        }

        Assert.Equal(
            [
                "a and twin have the same settings that decide theta, and the same build and data compute them",
                "only a database has a: it keeps a hash of the settings that decide theta, and not the settings",
            ],
            (await RunAsync(["runs", "diff", "a", "twin", .. Options(there)])).Expect(0).Output);
        Assert.Contains(
            "hash of the settings that decide theta",
            (await RunAsync(["runs", "diff", "other", "a", .. Options(there)])).Expect(0).AllOutput, StringComparison.Ordinal);

        var compared = (await RunAsync(["runs", "compare", "a", "other", .. Options(there)])).Expect(0).Output;
        Assert.StartsWith("mean meta-loss at outer step 6, which all have reached", compared[0], StringComparison.Ordinal);
        (await RunAsync(["runs", "compare", "a", "other", "--by", "inner-steps", .. Options(there)]))
            .ExpectOneLine(65, "a: its database does not know inner steps", "the run's own settings");
        var byInner = (await RunAsync(
            ["runs", "compare", "a", "other", "--by", "inner-steps", .. Options([.. RunsOnDisk.Small, .. there])])).Expect(0);
        Assert.StartsWith(
            $"mean meta-loss at inner steps {innerSteps}, which all have reached", byInner.Output[0], StringComparison.Ordinal);
        (await RunAsync(["runs", "show", "nobody", .. Options(there)])).ExpectOneLine(
            74, "there is no run 'nobody'", "has no run of this name either");
    }

    private Task<InvoluteOutcome> ShowAsync(string run, params string[] settings) =>
        RunAsync(["show", run, "--json", .. Options(settings)]);

    private IEnumerable<string> Options(string[] settings) => ["--runs", _runs.Path, .. RunsOnDisk.Set(settings)];

    private Task<InvoluteOutcome> RunAsync(IEnumerable<string> arguments) => InProcess.RunAsync(_runs.Path, [.. arguments]);
}
