using System.Diagnostics;
using System.Runtime.InteropServices;
using Involute.Tasks.Tests.InnerTasks;
using Involute.Tasks.Tests.Optimizers;
using Involute.Tasks.Tests.Tangents;
using Xunit;

namespace Involute.Tasks.Tests.Images;

[Trait("Speed", "slow")]
public sealed class PortabilityTests
{
    // The names of .NET 10; on another architecture or runtime a name it does not know has no effect.
    [Theory]
    [InlineData("EnableAVX512", typeof(GoldenBitsTests), 4)]
    [InlineData("EnableAVX2", typeof(GoldenBitsTests), 4)]
    [InlineData("EnableHWIntrinsic", typeof(GoldenBitsTests), 4)]
    [InlineData("EnableAVX512", typeof(LearnedRuleBitsTests), 24)]
    [InlineData("EnableAVX2", typeof(LearnedRuleBitsTests), 24)]
    [InlineData("EnableHWIntrinsic", typeof(LearnedRuleBitsTests), 24)]
    [InlineData("EnableAVX512", typeof(QuadraticUnrollTests), 23)]
    [InlineData("EnableAVX2", typeof(QuadraticUnrollTests), 23)]
    [InlineData("EnableHWIntrinsic", typeof(QuadraticUnrollTests), 23)]
    [InlineData("EnableAVX512", typeof(PackedStepTests), 10)]
    [InlineData("EnableAVX2", typeof(PackedStepTests), 10)]
    [InlineData("EnableHWIntrinsic", typeof(PackedStepTests), 10)]
    public async Task Bits_are_the_same_on_a_processor_without(string feature, Type tests, int count)
    {
        ArgumentNullException.ThrowIfNull(tests);
        var start = new ProcessStartInfo
        {
            FileName = Path.Combine(AppContext.BaseDirectory, Name + (OperatingSystem.IsWindows() ? ".exe" : "")),
            ArgumentList = { "-class", tests.FullName!, "-noColor", "-noLogo" },
            Environment = { [$"DOTNET_{feature}"] = "0", ["DOTNET_TieredCompilation"] = "1" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, $"{RuntimeInformation.OSDescription}: {output}{await error}");
        Assert.Contains($"Total: {count}, Errors: 0, Failed: 0", output, StringComparison.Ordinal);
    }

    private static string Name => typeof(PortabilityTests).Assembly.GetName().Name!;
}
