using System.Text.Json;
using Involute.Host.Tests.CommandLine;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary><c>eval</c> on other settings than those of the training, and what is kept of it.</summary>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed class TransferEvaluationTests : IAsyncLifetime
{
    private readonly RunsOnDisk _runs = new();

    public async ValueTask InitializeAsync() => (await RunAsync(
        _runs.Training("a", "outer-steps=14", "keep-theta-every=5", "task=quadratic"))).Expect(0);

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        _runs.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task One_theta_on_several_settings_is_a_table_and_a_plot()
    {
        var file = System.IO.Path.Combine(_runs.Path, "large.conf");
        await File.WriteAllTextAsync(file, "involute.task.dimension = 30", TestContext.Current.CancellationToken);
        string[] on = ["--on", file, "--on", "involute.task=fixed-dim-quadratic", "--on", "involute.seed=5"];

        var printed = (await EvalAsync(on)).Expect(0);

        var rows = printed.Output.Where(line => line.Contains('±', StringComparison.Ordinal) && !line.Contains(':', StringComparison.Ordinal));
        Assert.Equal(
            ["as trained", "large", "task=fixed-dim-quadratic", "seed=5"],
            rows.Select(row => row[..row.IndexOf("  ", StringComparison.Ordinal)]));
        Assert.Contains(printed.Output, line => line.StartsWith("large: ", StringComparison.Ordinal)
            && line.EndsWith("Outside of the training: other task.dimension than in training.", StringComparison.Ordinal));
        Assert.Contains(printed.Output, line => line.StartsWith("seed=5: ", StringComparison.Ordinal)
            && !line.Contains("Outside", StringComparison.Ordinal));
        Assert.Contains("each 9 learning rates", printed.Output[0], StringComparison.Ordinal);
        Assert.Contains("tuned Adam", printed.Output[1], StringComparison.Ordinal);
        Assert.Contains("tuned SGD ", printed.Output[1], StringComparison.Ordinal);
        Assert.Contains("tuned SGDM", printed.Output[1], StringComparison.Ordinal);
        Assert.Equal(["step-14-transfer.json", "step-14-transfer.png", "step-14-transfer.svg"], Kept());
        Assert.False(File.Exists(_runs.File("a", "evaluation.json")));

        var json = JsonElement.Parse((await EvalAsync([.. on, "--json"])).Expect(0).AllOutput);
        Assert.Equal(4, json.GetProperty("evaluations").GetArrayLength());
        Assert.Equal("large", json.GetProperty("evaluations")[1].GetProperty("circumstances").GetProperty("on").GetString());
        Assert.Equal(3, Kept().Count);
    }

    [Fact]
    public async Task Evaluations_stand_side_by_side_under_their_names()
    {
        // As long as the longest trajectory of the training.
        Assert.Contains("2 trials of 40 inner steps", (await EvalAsync([])).Expect(0).Output[0], StringComparison.Ordinal);
        (await EvalAsync([])).Expect(0);
        Assert.Contains(
            "Outside of the training: 41 inner steps", (await EvalAsync(["--steps", "41"])).Expect(0).Output[^1],
            StringComparison.Ordinal);
        (await EvalAsync(["--step", "5"])).Expect(0);
        (await EvalAsync(["--name", "mine", .. RunsOnDisk.Set("task.dimension=7")])).Expect(0);

        Assert.Equal(
            ["mine", "step-14-2", "step-14", "step-5"],
            Kept().Where(name => name.EndsWith(".json", StringComparison.Ordinal)).Select(name => name[..^5]));
        var newest = await File.ReadAllTextAsync(_runs.File("a", "evaluation.json"), TestContext.Current.CancellationToken);
        Assert.Equal(5, JsonElement.Parse(newest).GetProperty("outerStep").GetInt32());
    }

    [Fact]
    public async Task Baselines_can_be_chosen()
    {
        var printed = (await EvalAsync(["--baselines", "adam,rmsprop"])).Expect(0);
        Assert.Contains(printed.Output, line => line.StartsWith("tuned RMSProp (lr ", StringComparison.Ordinal));
        Assert.Contains(printed.Output, line => line.StartsWith("RMSProp grid, outer_valid loss: 0.00001: ", StringComparison.Ordinal));
        Assert.DoesNotContain(printed.Output, line => line.Contains("SGD", StringComparison.Ordinal));

        var only = (await EvalAsync(["--baselines", "adam", "--on", "involute.seed=5"])).Expect(0);
        Assert.DoesNotContain("SGD", only.AllOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_evaluated_is_one_line_and_keeps_nothing()
    {
        (await EvalAsync(["--name", "../x"])).ExpectOneLine(64, "--name: '../x' is not a name");
        (await EvalAsync([.. RunsOnDisk.Set("optimizer=sgdm")])).ExpectOneLine(64, "theta does not fit");
        (await EvalAsync(["--on", "nosuch.conf"])).ExpectOneLine(64, "nosuch.conf");
        (await EvalAsync(["--step", "6"])).ExpectOneLine(64, "allowed: 5, 7, 10, 14");
        (await EvalAsync(["--baselines", "sgmd"])).ExpectOneLine(64, "unknown baseline 'sgmd' (did you mean 'sgd'?); allowed: adam, sgd");
        Assert.Empty(Kept());

        (await EvalAsync(["--name", "x"])).Expect(0);
        (await EvalAsync(["--name", "x"])).ExpectOneLine(64, "has an evaluation x already");
    }

    [Fact]
    public async Task A_theta_of_a_problem_of_its_own_goes_to_other_settings_too()
    {
        (await RunAsync(
        [
            "train", "--name", "b", "--runs", _runs.Path, "--no-eval",
            .. RunsOnDisk.Set("task=influence-balancing", "outer-steps=3", "pairs=2", "window=5"),
        ])).Expect(0);

        var printed = (await RunAsync(
            ["eval", "b", "--runs", _runs.Path, "--trials", "3", "--steps", "9", "--on", "involute.seed=4"])).Expect(0);

        Assert.StartsWith("Transfer of theta of outer step 3: mean loss", printed.Output[0], StringComparison.Ordinal);
        Assert.Contains(printed.Output, line => line.StartsWith("seed=4  ", StringComparison.Ordinal));
        (await RunAsync(["eval", "b", "--runs", _runs.Path, "--baselines", "sgd"])).ExpectOneLine(64, "a theta of its own");
    }

    private IReadOnlyList<string> Kept() => !Directory.Exists(_runs.File("a", "evaluations")) ? [] :
    [
        .. Directory.GetFiles(_runs.File("a", "evaluations")).Select(System.IO.Path.GetFileName).OfType<string>()
            .Order(StringComparer.Ordinal),
    ];

    private Task<InvoluteOutcome> EvalAsync(IEnumerable<string> options) =>
        RunAsync(["eval", "a", "--runs", _runs.Path, "--trials", "2", .. options]);

    private Task<InvoluteOutcome> RunAsync(IEnumerable<string> arguments) =>
        InProcess.RunAsync(_runs.Path, [.. arguments]);
}
