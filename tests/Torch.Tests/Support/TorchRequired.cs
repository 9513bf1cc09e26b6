using Xunit;

namespace Involute.Torch.Tests.Support;

/// <summary>First statement of a test that needs libtorch.</summary>
internal static class TorchRequired
{
    /// <summary>Loads libtorch; skips where none exists. Where one does, failing to load it fails the test.</summary>
    public static void OrSkip()
    {
        Assert.SkipUnless(
            TorchRuntime.IsSupportedPlatform,
            "libtorch does not exist for this platform: the oracle runs on linux-x64, win-x64 and osx-arm64");
        TorchRuntime.Ensure();
    }
}
