using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Oracle;

[Trait("Speed", "slow")]
public sealed class VectorWidthTests
{
    [Fact]
    public async Task Kernels_agree_with_autograd_without_avx512()
    {
        TorchRequired.OrSkip();
        var (exitCode, output) = await ChildProcess.RunAsync(typeof(KernelGradientTests), ("DOTNET_EnableAVX512", "0"));
        Assert.True(exitCode == 0, output);
        var expected = KernelGradientTests.Shapes().Count + 1;
        Assert.Contains($"Total: {expected}, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }
}
