using System.Diagnostics;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Oracle;

public sealed class VectorWidthTests
{
    // The runtime reads the setting when it starts, hence a process of its own.
    [Fact]
    public async Task Kernels_agree_with_autograd_without_avx512()
    {
        TorchRequired.OrSkip();
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(VectorWidthTests).Assembly.Location);
        }

        start.ArgumentList.Add("-class");
        start.ArgumentList.Add(typeof(KernelGradientTests).FullName!);
        start.ArgumentList.Add("-noColor");
        start.Environment["DOTNET_EnableAVX512"] = "0";

        // Variables of the test platform would turn the child into a slave of the process above.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TESTINGPLATFORM_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, output + await error);
        var expected = KernelGradientTests.Shapes().Count + 1;
        Assert.Contains($"Total: {expected}, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }
}
