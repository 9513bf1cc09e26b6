using Involute.Gpu.Driver;
using Xunit;

namespace Involute.Gpu.Tests.Driver;

/// <summary>Devices that are not there, are too old, run out of memory, or fail: one line each, and which of these it is.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("cuda")]
    [InlineData("cuda:")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    [InlineData("CPU")]
    public void A_name_that_is_none_is_answered_with_what_is_allowed(string name) => Assert.Equal(
        $"'{name}' names no device: cpu, or cuda:N with the number of a card, as in cuda:0", Assert.Throws<DeviceException>(() => Device.Open(name)).Message);

    [Theory]
    [InlineData("cpu", "device cpu: /nowhere/driver.so is not there; scripts/gpu-kernels cpu builds it, or INVOLUTE_CPU_DEVICE says where it is")]
    [InlineData("cuda:0", "device cuda:0: NVIDIA's driver is not there (/nowhere/driver.so cannot be loaded)")]
    public void A_driver_that_is_not_there_is_told(string name, string line)
    {
        var missing = Assert.Throws<DeviceException>(() => DriverLibrary.Load("/nowhere/driver.so", name));

        Assert.Equal((line, false, false), (missing.Message, missing.IsLost, missing.IsOutOfMemory));
    }

    [Theory]
    [InlineData("libc.so.6")]
    public void A_library_that_is_no_driver_is_told(string library)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libc has another name");

        Assert.StartsWith(
            "device cuda:0: the driver is too old for CUDA 11.0, or is none (",
            Assert.Throws<DeviceException>(() => DriverLibrary.Load(library, "cuda:0")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-device", "cannot be started: CUDA_ERROR_NO_DEVICE (no CUDA-capable device is detected)")]
    [InlineData("version=10020", "device cpu: the driver is one of CUDA 10.2; 11.0 or later is needed")]
    [InlineData("capability=75", "device cpu: cards of compute capability 7.5 are too old; 8.0 or later is needed")]
    public void A_device_that_cannot_be_used_is_refused_in_one_line(string faults, string line)
    {
        using var other = new OtherDevice(faults);

        var refused = Assert.Throws<DeviceException>(() => other.Open());

        Assert.EndsWith(line, refused.Message, StringComparison.Ordinal);
        Assert.False(refused.HasFailed);
    }

    [Fact]
    public void A_card_with_a_number_that_is_not_there_is_told()
    {
        using var other = new OtherDevice("");

        Assert.Equal(
            "device cpu is not there: the driver finds 1, cuda:0 to cuda:0",
            Assert.Throws<DeviceException>(() => other.Open(ordinal: 1)).Message);
    }

    [Fact]
    public void Memory_that_is_not_there_is_told_and_the_device_goes_on()
    {
        using var other = new OtherDevice("memory=1000000");
        using var device = other.Open();
        using var first = device.Allocate(600_000);

        var refused = Assert.Throws<DeviceException>(() => device.Allocate(500_000));

        Assert.Equal(
            "device cpu: 500000 bytes of memory, 400000 bytes of 1000000 bytes are unused: CUDA_ERROR_OUT_OF_MEMORY (out of memory)",
            refused.Message);
        Assert.Equal((true, false, true), (refused.IsOutOfMemory, refused.IsLost, refused.HasFailed));
        first.Dispose();
        using var second = device.Allocate(900_000);
        Assert.Equal(900_000, second.Bytes);
    }

    [Fact]
    public void A_device_that_is_lost_says_so_at_once_and_for_ever()
    {
        using var other = new OtherDevice("lost=2");
        using var device = other.Open();
        using var stream = device.CreateStream();
        using var buffer = device.Allocate(1024);
        var kernel = device.Module("smoke").Kernel("smoke_reverse", 128);
        void Launch() => stream.Launch(kernel, 1, 32, [buffer.Address, buffer.Address + 512, 32]);
        Launch();
        stream.Wait();
        Launch();

        var lost = Assert.Throws<DeviceException>(stream.Wait);

        Assert.Equal("device cpu: waiting for the device: CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)", lost.Message);
        Assert.Equal((true, false, true), (lost.IsLost, lost.IsOutOfMemory, lost.HasFailed));
        Assert.True(Assert.Throws<DeviceException>(() => device.Allocate(8)).IsLost);
        Assert.True(Assert.Throws<DeviceException>(Launch).IsLost);
    }

    [Fact]
    public void A_kernel_that_writes_behind_its_buffer_is_found()
    {
        using var other = new OtherDevice("");
        using var device = other.Open();
        using var stream = device.CreateStream();
        using var from = device.Allocate(64 * sizeof(float));
        using var to = device.Allocate(60 * sizeof(float));
        stream.Launch(device.Module("smoke").Kernel("smoke_reverse", 64 * sizeof(float)), 1, 64, [from.Address, to.Address, 64]);

        var found = Assert.Throws<DeviceException>(stream.Wait);

        Assert.Contains("CUDA_ERROR_ILLEGAL_ADDRESS", found.Message, StringComparison.Ordinal);
        Assert.True(found.IsLost);
    }

    [Theory]
    [InlineData(60, 64)]
    [InlineData(64, 60)]
    public void A_kernel_that_reads_behind_its_buffer_or_its_shared_memory_is_found(int ofBuffer, int shared)
    {
        using var other = new OtherDevice("");
        using var device = other.Open();
        using var stream = device.CreateStream();
        using var from = device.Allocate(ofBuffer * sizeof(float));
        using var to = device.Allocate(64 * sizeof(float));
        stream.Launch(device.Module("smoke").Kernel("smoke_reverse", shared * sizeof(float)), 1, 64, [from.Address, to.Address, 64]);

        var found = Assert.Throws<DeviceException>(stream.Wait);

        Assert.Contains("CUDA_ERROR_ILLEGAL_ADDRESS", found.Message, StringComparison.Ordinal);
        Assert.True(found.IsLost);
    }

    [Fact]
    public void A_kernel_that_is_not_there_or_asks_for_too_much_leaves_the_device_as_it_was()
    {
        using var other = new OtherDevice("");
        using var device = other.Open();
        var module = device.Module("smoke");

        var unknown = Assert.Throws<DeviceException>(() => module.Kernel("smoke_nothing", 0));
        var greedy = Assert.Throws<DeviceException>(() => module.Kernel("smoke_reverse", device.SharedBytesPerBlock + 1));

        Assert.Equal("device cpu: finding kernel smoke_nothing in 'smoke': CUDA_ERROR_NOT_FOUND (named symbol not found)", unknown.Message);
        Assert.Contains("bytes of shared memory a block", greedy.Message, StringComparison.Ordinal);
        Assert.False(unknown.HasFailed || greedy.HasFailed);
        using var stream = device.CreateStream();
        using var buffer = device.Allocate(1024);
        Assert.False(Assert.Throws<DeviceException>(() => stream.Launch(module.Kernel("smoke_reverse", 0), 1, 257, [buffer.Address, buffer.Address, 1])).HasFailed);
        stream.Wait();
    }
}
