using System.Runtime.InteropServices;
using Involute.Tests;
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
    private readonly ScratchFolder _libtorch = new();

    public void Dispose()
    {
        _runs.Dispose();
        _libtorch.Dispose();
    }

    [Theory]
    [InlineData("device=gpu", "involute.torch.device: there is no such device; allowed: cpu, cuda:0, cuda:1, and so on")]
    [InlineData("device=\"cuda:-1\"", "involute.torch.device: there is no such device")]
    [InlineData("unroll=host", "involute.torch.unroll: host updates memory of the processor, and device is cuda:0")]
    public async Task A_setting_that_cannot_be_is_named(string setting, string expected)
    {
        (await _runs.TrainAsync("a", [.. Conv, "torch.device=\"cuda:0\"", $"torch.{setting}"])).ExpectOneLine(64, expected);
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task An_optimizer_that_torch_cannot_update_by_is_refused()
    {
        Require();
        (await _runs.TrainAsync("a", [.. Conv, "torch.unroll=device", "optimizer=rmsprop"])).ExpectOneLine(
            64, "involute.optimizer.name: rmsprop has no form for torch", "sgd, sgdm, adam, mlp, adafac-mlp");
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task A_libtorch_without_CUDA_is_one_line()
    {
        Require();
        (await _runs.TrainAsync("a", [.. Conv, "torch.device=\"cuda:0\""])).ExpectOneLine(
            70, "holds libtorch without CUDA", "c10_cuda", "INVOLUTE_LIBTORCH");
        Assert.Empty(_runs.Entries());
    }

    /// <summary>The folder has libraries for cards by name; the machine has no driver.</summary>
    [Fact]
    public async Task A_machine_without_a_driver_is_one_line()
    {
        Require();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "links to libraries are for Linux");
        Assert.SkipWhen(NativeLibrary.TryLoad("libcuda.so.1", out _), "this machine has a driver");
        LinkLibtorch();
        foreach (var name in new[] { "libc10_cuda.so", "libtorch_cuda.so" })
        {
            File.WriteAllText(_libtorch.File(name), "");
        }

        // TorchSharp's own library is not in the folder: it comes from its package.
        (await InvoluteProcess.RunAsync(
            _runs.Training("a", [.. Conv, "torch.device=\"cuda:0\""]), Environment(_libtorch.Path))).ExpectOneLine(
                70, "no NVIDIA driver: libcuda.so.1 cannot be loaded", "involute.torch.device = cpu");
        (await InvoluteProcess.RunAsync(_runs.Training("b", [.. Conv, "outer-steps=1"]), Environment(_libtorch.Path))).Expect(0);
    }

    [Fact]
    public async Task With_updates_by_torch_threads_workers_and_resumes_change_no_bit()
    {
        Require();
        string[] settings = [.. Conv, "torch.unroll=device"];
        (await _runs.TrainAsync("one", settings)).Expect(0);
        (await _runs.TrainAsync("two", [.. settings, "threads=2"])).Expect(0);
        (await InvoluteProcess.RunAsync([.. _runs.Training("three", settings), "--workers", "3"])).Expect(0);
        (await _runs.TrainAsync("four", [.. settings, "outer-steps=5"])).Expect(0);
        (await _runs.ResumeAsync("four", "torch.unroll=host")).ExpectOneLine(64, "involute.torch.unroll: cannot change");
        (await _runs.ResumeAsync("four", "outer-steps=12")).Expect(0);
        foreach (var other in new[] { "two", "three", "four" })
        {
            await _runs.AssertSameAsync("one", other);
        }
    }

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

    private static Dictionary<string, string> Environment(string folder) => new() { ["INVOLUTE_LIBTORCH"] = folder };

    private void LinkLibtorch()
    {
        var folder = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "libtorch.places")).First();
        foreach (var file in Directory.GetFiles(folder))
        {
            File.CreateSymbolicLink(_libtorch.File(Path.GetFileName(file)), file);
        }
    }
}
