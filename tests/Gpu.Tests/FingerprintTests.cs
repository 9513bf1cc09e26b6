using Xunit;

namespace Involute.Gpu.Tests;

/// <summary>The hash of what a device computes.</summary>
public sealed class FingerprintTests
{
    [Fact]
    public void The_processor_has_that_of_former_versions_and_a_device_has_the_processors()
    {
        Assert.Equal("b23d0fa2ef7961f9", DeviceFingerprint.OfProcessor());
        Assert.Equal("b23d0fa2ef7961f9", DeviceFingerprint.Of(CpuDevice.OrSkip()));
    }
}
