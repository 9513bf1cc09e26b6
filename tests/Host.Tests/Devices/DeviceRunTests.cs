using Involute.Host.Tests.CommandLine;
using Xunit;

namespace Involute.Host.Tests.Devices;

/// <summary>Runs on a device, through the command as users have it, with the CPU in the place of a card.</summary>
[Trait("Speed", "slow")]
public sealed class DeviceRunTests : IDisposable
{
    private const string Faults = "INVOLUTE_CPU_DEVICE_FAULTS";
    private const string Cpu = "gpu.device=cpu";

    private static readonly string[] Steps =
    [
        "task=influence-balancing", "optimizer=none", "pairs=8", "pairs-per-actor=2", "outer-steps=40", "window=7", "checkpoint-interval=5",
        "truncation={ schedule = constant, length = 30, offset = 10 }",
    ];

    private readonly RunsOnDisk _runs = new();

    public DeviceRunTests() => Assert.SkipUnless(
        File.Exists(Path.Combine(AppContext.BaseDirectory, "libinvolute-cpu-device.so")),
        "scripts/gpu-kernels cpu was not run before the build: there is no device 'cpu'");

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("persistent-es")]
    [InlineData("full-es")]
    [InlineData("noise-reuse-es")]
    public async Task Theta_is_that_of_the_processor_also_resumed_there_and_verified(string estimator)
    {
        (await TrainAsync("here", $"estimator={estimator}")).Expect(0);
        (await TrainAsync("there", $"estimator={estimator}", Cpu)).Expect(0);
        await _runs.AssertSameAsync("here", "there");

        (await _runs.ResumeAsync("here", "outer-steps=60", Cpu)).Expect(0);
        (await _runs.ResumeAsync("there", "outer-steps=60", "gpu.device=none")).Expect(0);
        await _runs.AssertSameAsync("here", "there");
        (await InvoluteProcess.RunAsync(["verify", "there", "--runs", _runs.Path, "--replay", "--from-start"])).Expect(0);
    }

    [Fact]
    public async Task A_worker_whose_device_is_lost_ends_with_70_and_one_without_a_device_goes_on_with_its_pairs()
    {
        (await TrainAsync("here")).Expect(0);
        using var learner = InvoluteProcess.Start(["learner", .. Training("there").Skip(1), "--listen", "127.0.0.1:0"]);
        var address = await learner.ListenedAsync();

        var lost = await InvoluteProcess.RunAsync(
            ["worker", "--join", address, "--threads", "1", "--device", "cpu"], Environment("lost=60"));

        lost.ExpectOneLine(
            70, "involute: this process cannot go on computing",
            "device cpu: waiting for the device: CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)");
        Assert.Contains(lost.Output, line => line.Contains("threads 1, device cpu", StringComparison.Ordinal));
        using var worker = InvoluteProcess.Start(["worker", "--join", address, "--threads", "1"]);
        (await learner.EndAsync()).Expect(0);
        (await worker.EndAsync()).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("here"), await _runs.ThetaAsync("there"));
    }

    [Fact]
    public async Task A_worker_with_a_device_and_one_without_come_to_the_same_theta()
    {
        (await TrainAsync("here")).Expect(0);
        using var learner = InvoluteProcess.Start(["learner", .. Training("there").Skip(1), "--listen", "127.0.0.1:0"]);
        var address = await learner.ListenedAsync();
        using var device = InvoluteProcess.Start(["worker", "--join", address, "--threads", "1", "--device", "cpu"]);
        using var processor = InvoluteProcess.Start(["worker", "--join", address, "--threads", "1"]);

        (await learner.EndAsync()).Expect(0);
        (await device.EndAsync()).Expect(0);
        (await processor.EndAsync()).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("here"), await _runs.ThetaAsync("there"));
    }

    [Fact]
    public async Task Workers_of_one_command_compute_on_its_device()
    {
        (await TrainAsync("here")).Expect(0);
        (await InvoluteProcess.RunAsync([.. Training("there", Cpu), "--workers", "2"])).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("here"), await _runs.ThetaAsync("there"));
    }

    [Fact]
    public async Task A_run_in_one_process_whose_device_is_lost_ends_with_70_and_goes_on_without_it()
    {
        (await TrainAsync("here")).Expect(0);

        var lost = (await InvoluteProcess.RunAsync(Training("there", Cpu), Environment("lost=100"))).Expect(70);

        Assert.Contains("device cpu: waiting for the device: CUDA_ERROR_LAUNCH_FAILED", lost.Errors[^1], StringComparison.Ordinal);
        (await _runs.ResumeAsync("there", "gpu.device=none")).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("here"), await _runs.ThetaAsync("there"));
    }

    [Theory]
    [InlineData("", "regression", "device cpu (the CPU in the place of a card) does not compute problem ")]
    [InlineData("wrong", "", "device cpu does not give the processor's numbers: the loss of pair 0, arm 0, at inner step 0 of trajectory 0 is ")]
    [InlineData("no-device", "", "CUDA_ERROR_NO_DEVICE (no CUDA-capable device is detected)")]
    [InlineData("version=10020", "", "device cpu: the driver is one of CUDA 10.2; 11.0 or later is needed")]
    public async Task What_a_device_cannot_do_is_a_wrong_setting_and_nothing_is_written(string faults, string other, string line)
    {
        string[] settings = other.Length > 0 ? ["task=mlp-regression", "optimizer=adam", .. Regression()] : [];

        var refused = await InvoluteProcess.RunAsync(Training("a", [Cpu, .. settings]), Environment(faults));

        refused.ExpectOneLine(64, line);
        Assert.False(Directory.Exists(Path.Combine(_runs.Path, "a")));
    }

    [Fact]
    public async Task Too_little_memory_at_the_start_ends_with_70()
    {
        (await InvoluteProcess.RunAsync(Training("a", Cpu), Environment("memory=1000"))).ExpectOneLine(
            70, "involute: device cpu: ", "CUDA_ERROR_OUT_OF_MEMORY (out of memory)");
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task A_device_that_has_another_name_or_is_not_there_is_told()
    {
        (await InvoluteProcess.RunAsync(["worker", "--join", "127.0.0.1:1", "--device", "gpu0"])).ExpectOneLine(
            64, "--device: 'gpu0' names no device; allowed: none, cpu, or cuda:N with the number of a card");
        (await TrainAsync("a", "gpu.device=cuda")).ExpectOneLine(64, "involute.gpu.device: 'cuda' names no device");
        Assert.SkipWhen(HasDriver(), "this machine has a driver of NVIDIA's");
        (await TrainAsync("a", "gpu.device=cuda:0")).ExpectOneLine(
            64, "device cuda:0: NVIDIA's driver is not there (libcuda.so.1 cannot be loaded)");
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task Devices_are_listed_with_what_they_are_or_why_they_are_not()
    {
        var list = (await InvoluteProcess.RunAsync(["list", "devices"])).Expect(0);

        Assert.Empty(list.Errors);
        Assert.Contains("  none     the processor alone, which is the default", list.Output);
        Assert.Contains(
            "  cpu      the CPU in the place of a card, 4.0 GiB, 2 multiprocessors, capability 9.0, driver of CUDA 12.4", list.Output);
        Assert.Contains("           kernels in PTX 7.0 for sm_80 and later, fingerprint b23d0fa2ef7961f9, as the processor", list.Output);
        Assert.Contains(list.Output, line => line.StartsWith("  cuda:", StringComparison.Ordinal));
        var other = (await InvoluteProcess.RunAsync(["list", "devices"], Environment("wrong"))).Expect(0);
        Assert.Contains(other.Output, line => line.EndsWith(", the processor's is b23d0fa2ef7961f9: a run is refused", StringComparison.Ordinal));
        var lost = (await InvoluteProcess.RunAsync(["list", "devices"], Environment("lost=1"))).Expect(0);
        Assert.Contains(lost.Output, line => line.StartsWith("           it does not compute: device cpu: ", StringComparison.Ordinal));
        var none = (await InvoluteProcess.RunAsync(["list", "devices"], Environment("no-device"))).Expect(0);
        Assert.Contains(none.Output, line => line.StartsWith("  cpu      none: device cpu: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_run_on_a_device_has_its_pairs_in_one_actor_unless_it_says_otherwise()
    {
        string[] plan = ["plan", .. RunsOnDisk.Set("task=influence-balancing", "optimizer=none", "pairs=24", Cpu)];

        var usual = (await InvoluteProcess.RunAsync(plan)).Expect(0);
        var said = (await InvoluteProcess.RunAsync([.. plan, .. RunsOnDisk.Set("pairs-per-actor=8")])).Expect(0);

        Assert.Contains("24 in 1 actors", usual.AllOutput, StringComparison.Ordinal);
        Assert.Contains("24 in 3 actors", said.AllOutput, StringComparison.Ordinal);
        Assert.Contains("cpu (the CPU in the place of a card", usual.AllOutput, StringComparison.Ordinal);
    }

    private static bool HasDriver() => new Involute.Gpu.GpuDevices().Names().Any(device => device.Name == "cuda:0");

    private static Dictionary<string, string> Environment(string faults) => new() { [Faults] = faults };

    private IEnumerable<string> Training(string run, params IEnumerable<string> settings) =>
        ["train", "--name", run, "--runs", _runs.Path, "--no-eval", .. RunsOnDisk.Set([.. Steps, .. settings])];

    private Task<InvoluteOutcome> TrainAsync(string run, params IEnumerable<string> settings) =>
        InvoluteProcess.RunAsync(Training(run, settings));

    // A problem that no device computes.
    private IEnumerable<string> Regression()
    {
        var table = Path.Combine(_runs.Path, "table.csv");
        File.WriteAllLines(table, ["a,b", .. Enumerable.Range(0, 200).Select(i => $"{i},{i * 2}")]);
        return [$"task.data-file={table}", "task.batch-size=8"];
    }
}
