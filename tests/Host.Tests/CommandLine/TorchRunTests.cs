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
