using System.Text.Json;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class TrainTests : IDisposable
{
    private static readonly string[] Keys =
    [
        "runId", "status", "outerStep", "thetaSha256", "meanMetaLoss", "seed", "configSha256", "estimator", "task",
        "checkpointStep", "theta", "progress", "forkedFrom", "where",
    ];

    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_run_that_was_not_evaluated_does_not_announce_an_evaluation()
    {
        var outcome = (await InvoluteProcess.RunAsync(_runs.Training("a", "outer-steps=2"))).Expect(0);
        Assert.Contains(outcome.Output, line => line.StartsWith("metrics and plots are in ", StringComparison.Ordinal));
        Assert.DoesNotContain("evaluation", outcome.AllOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_leaves_a_folder_with_everything_about_it()
    {
        var train = _runs.Training("a", "outer-steps=20").Where(argument => argument != "--no-eval");
        var outcome = (await InvoluteProcess.RunAsync(train)).Expect(0);
        Assert.Empty(outcome.Errors);
        Assert.Contains(outcome.Output, line => line.StartsWith(
            "metrics, plots and the evaluation are in ", StringComparison.Ordinal));
        Assert.Contains(outcome.Output, line => line.StartsWith("outer step 20/20", StringComparison.Ordinal));
        Assert.Contains(outcome.Output, line => line.StartsWith("meta-trained ", StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', outcome.AllOutput);

        var rows = await File.ReadAllLinesAsync(_runs.File("a", "metrics.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(21, rows.Length);
        Assert.StartsWith("20,", rows[^1], StringComparison.Ordinal);
        Assert.True(Directory.GetFiles(_runs.File("a", "plots"), "*.png").Length >= 4);
        Assert.True(File.Exists(_runs.File("a", "plots/evaluation.png")));
        var evaluation = await File.ReadAllTextAsync(
            _runs.File("a", "evaluation.json"), TestContext.Current.CancellationToken);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(evaluation).ValueKind);

        var shown = await _runs.ShowAsync("a");
        Assert.Equal(Keys, shown.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ("a", "finished", 20, 20, "persistent-es", "fixed-dim-quadratic"),
            (shown.GetProperty("runId").GetString(), shown.GetProperty("status").GetString(),
                shown.GetProperty("outerStep").GetInt32(), shown.GetProperty("checkpointStep").GetInt32(),
                shown.GetProperty("estimator").GetString(), shown.GetProperty("task").GetString()));
        Assert.Matches("^[0-9a-f]{64}$", shown.GetProperty("thetaSha256").GetString());
        Assert.Matches("^[0-9a-f]{64}$", shown.GetProperty("configSha256").GetString());

        var again = await InvoluteProcess.RunAsync(
            ["train", "--no-eval", "--runs", _runs.Path, "--name", "b", "--config", _runs.File("a", "config.conf")]);
        again.Expect(0);
        await _runs.AssertSameAsync("a", "b");
        Assert.Equal(
            shown.GetProperty("configSha256").GetString(),
            (await _runs.ShowAsync("b")).GetProperty("configSha256").GetString());
    }

    [Fact]
    public async Task Theta_depends_on_seed_and_grouping_and_not_on_threads_or_checkpoints()
    {
        (await _runs.TrainAsync("one", "outer-steps=30")).Expect(0);
        (await _runs.TrainAsync("two", "outer-steps=30", "threads=2", "checkpoint-interval=3")).Expect(0);
        await _runs.AssertSameAsync("one", "two");

        (await _runs.TrainAsync("seed", "outer-steps=30", "seed=1")).Expect(0);
        (await _runs.TrainAsync("grouping", "outer-steps=30", "pairs-per-actor=1")).Expect(0);
        var theta = await _runs.ThetaAsync("one");
        Assert.NotEqual(theta, await _runs.ThetaAsync("seed"));
        (await _runs.ResumeAsync("grouping", "pairs-per-actor=2")).ExpectOneLine(64, "involute.pairs-per-actor");
    }

    [Fact]
    public async Task The_main_job_in_small_uses_the_data_that_comes_with_the_program()
    {
        var outcome = await InvoluteProcess.RunAsync(
            ["train", "--no-eval", "--runs", _runs.Path, .. RunsOnDisk.Set("outer-steps=2", "pairs=2", "window=3")]);
        outcome.Expect(0);
        var run = Path.GetFileName(Assert.Single(_runs.Entries()));
        Assert.Equal("fashion-mnist-8-relu32", (await _runs.ShowAsync(run)).GetProperty("task").GetString());
    }

    [Fact]
    public async Task A_large_run_says_how_large_it_is_and_how_fast_it_begins_to_go()
    {
        string[] options = ["outer-steps=3", "window=1", "pairs=2500", "pairs-per-actor=500"];
        var outcome = await InvoluteProcess.RunAsync(
            ["train", "--no-eval", "--runs", _runs.Path, "--name", "large", .. RunsOnDisk.Set(options)]);
        outcome.Expect(0);
        Assert.Contains(outcome.Output, line => line.Contains("a checkpoint 1", StringComparison.Ordinal)
            && line.EndsWith("'involute plan' with the same options says what else the run needs", StringComparison.Ordinal));
        Assert.Single(
            outcome.Output,
            line => line.StartsWith("the first outer step took ", StringComparison.Ordinal)
                && line.Contains(" outer steps per second, ", StringComparison.Ordinal));

        (await _runs.TrainAsync("small", "outer-steps=3")).Expect(0);
        Assert.DoesNotContain(
            (await _runs.ResumeAsync("small", "outer-steps=6")).Expect(0).Output,
            line => line.Contains("outer steps per second", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_locale_changes_nothing()
    {
        var german = new Dictionary<string, string> { ["LANG"] = "de_DE.UTF-8", ["LC_ALL"] = "de_DE.UTF-8" };
        (await _runs.TrainAsync("a", "outer-steps=5")).Expect(0);
        (await InvoluteProcess.RunAsync(_runs.Training("b", "outer-steps=5"), german)).Expect(0);
        await _runs.AssertSameAsync("a", "b");
        (await InvoluteProcess.RunAsync(_runs.Training("c", "sigma=0,01"), german)).ExpectOneLine(64, "involute.sigma");
    }

    [Fact]
    public async Task A_name_that_is_taken_is_64_and_the_run_stays_as_it_was()
    {
        (await _runs.TrainAsync("a", "outer-steps=5")).Expect(0);
        var theta = await _runs.ThetaAsync("a");
        (await _runs.TrainAsync("a", "outer-steps=9", "seed=1")).ExpectOneLine(64, "already exists");
        Assert.Equal(theta, await _runs.ThetaAsync("a"));
    }
}
