using Involute.Torch;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Where torch computes: devices that are not there, updates by torch, processors of another type.</summary>
[Trait("Speed", "slow")]
public sealed class TorchDeviceTests : IDisposable
{
    private static readonly string[] Conv =
    [
        "task={ name = conv, channels = [3, 4], batch-size = 8 }", "outer-steps=12", "pairs=5", "pairs-per-actor=2",
        "truncation={ schedule = log-uniform, min = 4, max = 20, offset = 20 }",
    ];

    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    /// <summary>libtorch chooses its routines by the processor, or by this variable: then they round otherwise.</summary>
    [Fact]
    public async Task A_worker_whose_libtorch_computes_otherwise_is_refused()
    {
        Require();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libtorch tells what it has chosen on Linux");
        using var learner = InvoluteProcess.Start(
            ["learner", .. _runs.Training("a", [.. Conv, "outer-steps=1000000"]).Skip(1), "--listen", "127.0.0.1:0"]);
        var address = await learner.ListenedAsync();
        (await InvoluteProcess.RunAsync(
            ["worker", "--join", address, "--threads", "1"],
            new Dictionary<string, string> { ["ATEN_CPU_CAPABILITY"] = "default" })).ExpectOneLine(
                64, "it would not compute the same as the learner: vector instructions (", "libtorch 2.10.0 DEFAULT, ", ", not ");
        learner.Signal(InvoluteProcess.Terminate);
        await learner.EndAsync();
    }

    private static void Require() =>
        Assert.SkipUnless(TorchRuntime.IsSupportedPlatform, "there is no libtorch for this platform");
}
