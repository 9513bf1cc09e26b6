using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class ResumeTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_finished_run_stays_as_it_is_and_can_be_extended()
    {
        (await _runs.TrainAsync("long", "outer-steps=50")).Expect(0);
        (await _runs.TrainAsync("short", "outer-steps=20")).Expect(0);
        var theta = await _runs.ThetaAsync("short");
        var metrics = await MetricsAsync();

        Assert.Empty((await _runs.ResumeAsync("short")).Expect(0).Errors);
        Assert.Equal(theta, await _runs.ThetaAsync("short"));
        Assert.Equal(metrics, await MetricsAsync());

        Assert.Empty((await _runs.ResumeAsync("short", "outer-steps=50", "threads=2")).Expect(0).Errors);
        await _runs.AssertSameAsync("long", "short");
        Assert.Equal("finished", (await _runs.ShowAsync("short")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_run_that_goes_on_after_its_learning_rate_has_come_down_says_so()
    {
        string[] cosine = ["meta-optimizer.learning-rate-schedule=cosine", "outer-steps=5"];
        Assert.Empty((await _runs.TrainAsync("a", cosine)).Expect(0).Errors);
        var errors = (await _runs.ResumeAsync("a", "outer-steps=7")).Expect(0).Errors;
        Assert.StartsWith(
            "warning: the meta-learning-rate is 0 from outer step 6 on (decay-steps = 5)", Assert.Single(errors),
            StringComparison.Ordinal);
        Assert.Contains("theta stays as it is", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_begun_before_store_was_a_setting_goes_on()
    {
        (await _runs.TrainAsync("long", "outer-steps=30")).Expect(0);
        (await _runs.TrainAsync("short", "outer-steps=20")).Expect(0);
        var path = _runs.File("short", "config.conf");
        var settings = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var old = settings.Replace("  store {\n    name = sqlite\n  }\n", "", StringComparison.Ordinal);
        Assert.NotEqual(settings, old);
        await File.WriteAllTextAsync(path, old, TestContext.Current.CancellationToken);

        (await InvoluteProcess.RunAsync(["verify", "short", "--runs", _runs.Path])).Expect(0);
        Assert.Empty((await _runs.ResumeAsync("short", "outer-steps=30")).Expect(0).Errors);
        await _runs.AssertSameAsync("long", "short");
    }

    [Fact]
    public async Task What_a_run_is_cannot_change()
    {
        (await _runs.TrainAsync("a", "outer-steps=3")).Expect(0);
        var before = await File.ReadAllTextAsync(_runs.File("a", "config.conf"), TestContext.Current.CancellationToken);
        foreach (var setting in new[] { "seed=1", "pairs=8", "sigma=0.2", "task=quadratic", "sgima=0.2" })
        {
            var key = $"involute.{setting[..setting.IndexOf('=', StringComparison.Ordinal)]}";
            (await _runs.ResumeAsync("a", setting)).ExpectOneLine(64, $"--set involute.{setting}: {key}", "allowed");
        }

        Assert.Equal(
            before, await File.ReadAllTextAsync(_runs.File("a", "config.conf"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_second_learner_is_73_and_names_the_first()
    {
        using var first = InvoluteProcess.Start(_runs.Training("a", $"outer-steps={RunsOnDisk.Endless}"));
        await first.LineAsync("outer step 1/");
        (await _runs.ResumeAsync("a")).ExpectOneLine(73, $"pid {first.Id}");
        Assert.Equal("running", (await _runs.ShowAsync("a")).GetProperty("status").GetString());
        first.Signal(InvoluteProcess.Terminate);
        (await first.EndAsync()).Expect(143);
    }

    private Task<string> MetricsAsync() =>
        File.ReadAllTextAsync(_runs.File("short", "metrics.csv"), TestContext.Current.CancellationToken);
}
