using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Tests.InnerTasks;
using Involute.Tasks.Tests.Numerics;
using Involute.Tasks.Tests.Optimizers;
using Involute.Tasks.Tests.Tangents;
using Xunit;

namespace Involute.Tasks.Tests.Images;

[Trait("Speed", "slow")]
public sealed class PortabilityTests
{
    private static readonly (Type Tests, int Count)[] Laws =
    [
        (typeof(GoldenBitsTests), 5),
        (typeof(LearnedRuleBitsTests), 33),
        (typeof(QuadraticUnrollTests), 25),
        (typeof(PackedStepTests), 10),
        (typeof(SubnormalsTests), 20),
        (typeof(PlainRuleBitsTests), 45),
        (typeof(SquareSumTests), 17),
    ];

    // The names of .NET 10; on another architecture or runtime a name it does not know has no effect.
    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    [InlineData("EnableHWIntrinsic")]
    public async Task Bits_are_the_same_on_a_processor_without(string feature)
    {
        Assert.SkipWhen(
            feature == "EnableAVX512" && !Vector512.IsHardwareAccelerated,
            "this processor has no AVX-512: the laws' own tests run without it");
        var start = new ProcessStartInfo
        {
            FileName = Path.Combine(AppContext.BaseDirectory, Name + (OperatingSystem.IsWindows() ? ".exe" : "")),
            Environment = { [$"DOTNET_{feature}"] = "0", ["DOTNET_TieredCompilation"] = "1" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Laws.SelectMany(law => new[] { "-class", law.Tests.FullName! }).Append("-noColor").Append("-noLogo"))
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, $"{RuntimeInformation.OSDescription}: {output}{await error}");
        Assert.Contains($"Total: {Laws.Sum(law => law.Count)}, Errors: 0, Failed: 0", output, StringComparison.Ordinal);
    }

    private static string Name => typeof(PortabilityTests).Assembly.GetName().Name!;
}
