using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class ConfigCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_show_prints_is_a_file_that_means_the_same()
    {
        var set = RunsOnDisk.Set("task=image-mlp", "task.hidden=[64, 32]", "sigma=1e-3");
        var shown = (await InvoluteProcess.RunAsync(["config", "show", .. set])).Expect(0);
        var file = _folder.File("my.conf");
        await File.WriteAllLinesAsync(file, shown.Output, TestContext.Current.CancellationToken);
        (await InvoluteProcess.RunAsync(["config", "validate", "--config", file])).Expect(0);
        var again = (await InvoluteProcess.RunAsync(["config", "show", "--config", file])).Expect(0);
        Assert.Equal(shown.Output, again.Output);
        Assert.Contains(shown.Output, line => line.Trim() == "sigma = 0.001");
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("show")]
    public async Task Bad_settings_are_64(string command) =>
        (await InvoluteProcess.RunAsync(["config", command, "--set", "involute.pairs=none"]))
            .ExpectOneLine(64, "--set involute.pairs", "allowed");
}
