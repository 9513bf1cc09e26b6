using Involute.Gpu.Driver;
using Xunit;

namespace Involute.Gpu.Tests;

/// <summary>The CPU in the place of a card, one for all tests of this process.</summary>
internal static class CpuDevice
{
    private static readonly Lazy<Device> Opened = new(() => Device.Open("cpu"));

    /// <summary>Skips the test where <c>scripts/gpu-kernels cpu</c> did not build it before the tests were built.</summary>
    public static Device OrSkip()
    {
        Assert.SkipUnless(DriverLibrary.HasCpu, "scripts/gpu-kernels cpu was not run before the build: there is no device 'cpu'");
        return Opened.Value;
    }
}
