using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class LearnerTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_new_run_does_not_join_the_cluster_of_another()
    {
        using var learner = Learner("a", RunsOnDisk.Endless);
        var address = await learner.ListenedAsync();

        (await Learner("b", 5, "--join", address).EndAsync()).ExpectOneLine(
            73, $"{address} is a learner of the cluster");
        Assert.False(Directory.Exists(Path.Combine(_runs.Path, "b")));

        learner.Signal(InvoluteProcess.Terminate);
        (await learner.EndAsync()).Expect(143);
    }

    [Fact]
    public async Task A_standby_that_has_not_led_writes_nothing_and_says_how_the_run_ended()
    {
        using var learner = Learner("a", 30);
        var address = await learner.ListenedAsync();
        using var standby = InvoluteProcess.Start(
            ["learner", "--resume", "a", "--runs", _runs.Path, "--listen", "127.0.0.1:0", "--join", address]);
        await standby.LineAsync("learner on ");
        using var gone = InvoluteProcess.Start(
            ["learner", "--resume", "a", "--runs", _runs.Path, "--listen", "127.0.0.1:0", "--join", address]);
        await gone.LineAsync("learner on ");
        gone.Signal(InvoluteProcess.Terminate);
        (await gone.EndAsync()).ExpectOneLine(143, "nothing was begun");
        using var worker = InvoluteProcess.Start(["worker", "--join", address, "--threads", "1"]);

        (await learner.EndAsync()).Expect(0);
        var end = (await standby.EndAsync()).Expect(0);
        Assert.StartsWith("standby of run a in ", end.Output[0], StringComparison.Ordinal);

        Assert.Contains(end.Output, line => line == "run a is finished: another learner has led it to its end");
        Assert.DoesNotContain("metrics", end.AllOutput, StringComparison.Ordinal);
        await worker.EndAsync();
        Assert.Equal("finished", (await _runs.ShowAsync("a")).GetProperty("status").GetString());
    }

    private InvoluteProcess Learner(string name, long steps, params IEnumerable<string> options) => InvoluteProcess.Start(
        ["learner", .. _runs.Training(name, $"outer-steps={steps}").Skip(1), "--listen", "127.0.0.1:0", .. options]);
}
