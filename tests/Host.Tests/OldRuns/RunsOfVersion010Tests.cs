using System.IO.Compression;
using System.Text.Json;
using Involute.Host.Errors;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.OldRuns;

/// <summary>
/// Run folders that version 0.1.0 wrote go on with this version, to the theta that 0.1.0 itself came to.
/// </summary>
/// <remarks>
/// All but one were stopped at outer step 20 of 20; <c>killed</c> was ended by <c>kill -9</c>. The hashes are those
/// that 0.1.0 printed after it had resumed a copy of the same folder.
/// </remarks>
[Trait("Speed", "slow")]
public sealed class RunsOfVersion010Tests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("images", 30, "ed1a6d6f4a5243da1911a9052f1621f24c6fbb1fa55ab602d5b698d70ffd9f0a")]
    [InlineData("shipped", 30, "872a4cc1a51dc9f3ecdb94e382fa166c00c7586695ce07d9169ef19e6ad667fb")]
    [InlineData("quadratic", 30, "5cad23d86e19db606bbea4fa4b2005721725b324e6fc9329e6827f90cb033445")]
    [InlineData("network", 30, "6307da0ec4a6eb6088d1a9d6e567c8846ec5513249d115a38d81d3c8461079fd")]
    [InlineData("linear", 30, "36a1cbe82d06cd77a8d871207e32cdfed336e305776cd08390e19d2ad4a9185f")]
    [InlineData("killed", 103, "ac02e231aafb21d3c7102f300e8affc8776d6e6cc21151d1281a07e4e783d3ee")]
    public async Task A_run_of_version_0_1_0_is_verified_resumed_and_evaluated(
        string name, int steps, string thetaSha256)
    {
        var run = Path.Combine(_folder.Path, name);
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "runs-of-0.1.0", $"{name}.zip"), run);
        Assert.Equal(ExitCode.Ok, await Program.Main(["verify", run, "--replay"]));
        Assert.Equal(
            ExitCode.Ok,
            await Program.Main(["resume", run, "--no-eval", "--set", $"involute.outer-steps={steps}"]));
        Assert.Equal(ExitCode.Ok, await Program.Main(["verify", run, "--replay"]));
        Assert.Equal(ExitCode.Ok, await Program.Main(["eval", run, "--trials", "2", "--steps", "5"]));
        using var evaluation = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(run, "evaluation.json"), TestContext.Current.CancellationToken));
        Assert.Equal(thetaSha256, evaluation.RootElement.GetProperty("thetaSha256").GetString());
        Assert.Equal(steps, evaluation.RootElement.GetProperty("outerStep").GetInt32());
    }
}
