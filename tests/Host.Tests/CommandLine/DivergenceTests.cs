using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class DivergenceTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task An_inner_problem_that_blows_up_ends_the_run_with_76_if_the_policy_is_fail()
    {
        string[] wild =
        [
            "outer-steps=50", "task=quadratic", "optimizer={ name = sgd, learning-rate = 100 }",
            "checkpoint-interval=1",
        ];
        var stopped = await _runs.TrainAsync("a", [.. wild, "divergence=fail"]);
        stopped.ExpectOneLine(76, "outer step", "pair", "trajectory", "seed 0");
        var shown = await _runs.ShowAsync("a");
        Assert.Equal("diverged", shown.GetProperty("status").GetString());
        Assert.Equal(shown.GetProperty("outerStep").GetInt32(), shown.GetProperty("checkpointStep").GetInt32());

        // Nothing has changed, so it ends where it ended.
        (await _runs.ResumeAsync("a")).ExpectOneLine(76, "outer step", "pair");
        Assert.Equal(shown.ToString(), (await _runs.ShowAsync("a")).ToString());

        var warned = (await _runs.TrainAsync("b", wild)).Expect(0);
        Assert.Contains(warned.Errors, line => line.StartsWith("warning: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_theta_that_blows_up_is_76_and_the_last_good_one_stands()
    {
        var outcome = await _runs.TrainAsync(
            "a", "outer-steps=5", "task={ name = quadratic, dimension = 1 }", "pairs=2",
            "window=500000", "window-loss=sum",
            "truncation={ schedule = constant, length = 500000, offset = 0 }", "checkpoint-interval=1",
            "optimizer={ name = sgd, learning-rate = 1 }", "meta-optimizer={ name = sgd, learning-rate = 1000 }");
        outcome.Expect(76);
        Assert.Contains("theta", outcome.Errors[^1], StringComparison.Ordinal);
        var shown = await _runs.ShowAsync("a");
        Assert.Equal("diverged", shown.GetProperty("status").GetString());
        Assert.Equal(shown.GetProperty("outerStep").GetInt32(), shown.GetProperty("checkpointStep").GetInt32());
        (await _runs.ResumeAsync("a")).Expect(76);
        Assert.Equal(shown.GetProperty("thetaSha256").GetString(), await _runs.ThetaAsync("a"));
    }

    [Fact]
    public async Task Totals_of_inner_steps_come_from_the_store_where_only_what_diverged_tells_them()
    {
        string[] wild =
        [
            "task=quadratic", "optimizer={ name = sgd, learning-rate = 100 }", "reset=upstream", "divergence=skip",
            "meta-optimizer={ name = sgd, learning-rate = 1e-9 }",
        ];
        (await _runs.TrainAsync("whole", ["outer-steps=60", .. wild])).Expect(0);
        (await _runs.TrainAsync("cut", ["outer-steps=31", .. wild])).Expect(0);
        File.Delete(_runs.File("cut", "metrics.csv"));
        (await _runs.ResumeAsync("cut", "outer-steps=60")).Expect(0);

        string[] Rows(string run) => [.. File.ReadLines(_runs.File(run, "metrics.csv")).Skip(1)];
        Assert.Equal(Rows("whole")[31..], Rows("cut"));
        (await InvoluteProcess.RunAsync(["verify", "cut", "--runs", _runs.Path, "--replay"])).Expect(0);

        // Some windows have a diverged arm, some have not: the plan alone does not tell the total.
        var diverged = Rows("whole").Select(row => row.Split(',')[6] != "0").ToList();
        Assert.Contains(true, diverged);
        Assert.Contains(Rows("whole"), row => row.Split(',')[3] != "200");
    }
}
