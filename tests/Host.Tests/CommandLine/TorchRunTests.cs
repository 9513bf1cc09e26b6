using Involute.Torch;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Runs of tasks that compute with libtorch, as processes.</summary>
[Trait("Speed", "slow")]
public sealed class TorchRunTests : IDisposable
{
    private static readonly string[] Conv =
    [
        "task={ name = conv, channels = [3, 4], batch-size = 8 }", "outer-steps=12", "pairs=5", "pairs-per-actor=2",
        "truncation={ schedule = log-uniform, min = 4, max = 20, offset = 20 }",
    ];

    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Threads_workers_and_resumes_change_no_bit()
    {
        Assert.SkipUnless(TorchRuntime.IsSupportedPlatform, "there is no libtorch for this platform");
        (await _runs.TrainAsync("one", Conv)).Expect(0);
        (await _runs.TrainAsync("two", [.. Conv, "threads=2"])).Expect(0);
        (await InvoluteProcess.RunAsync([.. _runs.Training("three", Conv), "--workers", "3"])).Expect(0);
        (await _runs.TrainAsync("four", [.. Conv, "outer-steps=5"])).Expect(0);
        (await _runs.ResumeAsync("four", "outer-steps=12")).Expect(0);
        foreach (var other in new[] { "two", "three", "four" })
        {
            await _runs.AssertSameAsync("one", other);
        }

        (await InvoluteProcess.RunAsync(["verify", "one", "--runs", _runs.Path, "--replay"])).Expect(0);
    }

    [Fact]
    public async Task Another_batching_is_another_run()
    {
        Assert.SkipUnless(TorchRuntime.IsSupportedPlatform, "there is no libtorch for this platform");
        (await _runs.TrainAsync("a", Conv)).Expect(0);
        (await _runs.ResumeAsync("a", "outer-steps=13", "task.batching=loop")).ExpectOneLine(64, "involute.torch.batching: cannot change");
        (await _runs.ResumeAsync("a", "outer-steps=13", "torch.batching=loop")).ExpectOneLine(64, "involute.torch.batching: cannot change");
    }

    [Theory]
    [InlineData("task={ name = gru-lm, width = 2, units = 3, sequence-length = 4, batch-size = 2 }", 1, true)]
    [InlineData("task={ name = gru-lm, width = 2, units = 3, sequence-length = 4, batch-size = 2 }", 4, false)]
    [InlineData("task={ name = conv, channels = [3, 4], batch-size = 8 }", 1, false)]
    public async Task Pairs_that_would_be_faster_side_by_side_are_a_warning(string task, int block, bool warns)
    {
        Assert.SkipUnless(TorchRuntime.IsSupportedPlatform, "there is no libtorch for this platform");
        var run = await _runs.TrainAsync(
            "a", task, "outer-steps=1", "pairs=8", $"pairs-per-actor={block}", "threads=2", "window=2",
            "truncation={ schedule = constant, length = 4, offset = 0 }");

        run.Expect(0);
        Assert.Equal(
            warns,
            run.AllErrors.Contains(
                "warning: involute.pairs-per-actor = 1 computes the pairs of gru-lm one by one: side by side they were 1.7 times as "
                    + "fast where it was measured (docs/torch.md); with these threads try 4",
                StringComparison.Ordinal));
        Assert.Equal(warns, run.AllErrors.Contains("side by side", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_libtorch_the_command_says_what_is_missing_and_writes_nothing()
    {
        Assert.SkipUnless(TorchRuntime.IsSupportedPlatform, "there is no libtorch for this platform");
        (await InvoluteProcess.RunAsync(_runs.Training("a", Conv), Nowhere())).ExpectOneLine(70, "torch_cpu", "INVOLUTE_LIBTORCH");
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task Other_tasks_do_not_need_it() =>
        (await InvoluteProcess.RunAsync(_runs.Training("a", "outer-steps=3"), Nowhere())).Expect(0);

    // A folder without libtorch.
    private Dictionary<string, string> Nowhere() => new() { ["INVOLUTE_LIBTORCH"] = _runs.Path };
}
