using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class BadConfigurationTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _runs.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("sgima=0.1", "unknown key", "sigma")]
    [InlineData("sigma=", "involute.sigma")]
    [InlineData("sigma=small", "involute.sigma", "allowed")]
    [InlineData("sigma=0", "out of range", "allowed")]
    [InlineData("sigma=-0.1", "out of range", "allowed")]
    [InlineData("sigma=NaN", "involute.sigma", "allowed")]
    [InlineData("sigma=1e400", "involute.sigma", "allowed")]
    [InlineData("sigma=0,01", "involute.sigma", "allowed")]
    [InlineData("pairs=0", "out of range", "allowed")]
    [InlineData("pairs=1000000000", "out of range", "allowed")]
    [InlineData("seed=9223372036854775808", "involute.seed", "allowed")]
    [InlineData("task=no-such-task", "no-such-task", "fashion-mnist-8-relu32")]
    [InlineData("optimizer=no-such-one", "no-such-one", "sgdm")]
    [InlineData("task={ name = image-mlp, hidden = [32", "involute.task")]
    public async Task A_bad_setting_is_64_and_one_line_and_nothing_is_written(string setting, params string[] parts)
    {
        var outcome = await _runs.TrainAsync("a", setting);
        outcome.ExpectOneLine(64, ["--set involute.", .. parts]);
        Assert.Empty(_runs.Entries());
    }

    [Theory]
    [InlineData("involute {\n  sgima = 0.1\n}\n", 2, "involute.sgima", "unknown key")]
    [InlineData("involute {\n  sigma = 0.1\n  sigma = 0.2\n}\n", 3, "involute.sigma")]
    [InlineData("involute {\n  sigma =\n}\n", 2, "involute.sigma")]
    [InlineData("involute {\n  window = [1, 2\n}\n", 2, "involute.window")]
    [InlineData("involute {\n  window = 5.5\n}\n", 2, "involute.window", "allowed")]
    [InlineData("\uFEFFinvolute {\r\n\tsigma = 1e400\r\n}\r\n", 2, "involute.sigma", "allowed")]
    [InlineData("involute.task {\n  name = quadratic\n  size = 3\n}\n", 3, "involute.task.size", "dimension")]
    [InlineData("a: &a [x, x]\nb: *a\n", 1)]
    public async Task A_bad_file_is_64_and_one_line_with_its_place(string text, int line, params string[] parts)
    {
        var file = _folder.File("my.conf");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var outcome = await InvoluteProcess.RunAsync(["train", "--runs", _runs.Path, "--config", file]);
        outcome.ExpectOneLine(64, [$"{file}:{line}", .. parts]);
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_64()
    {
        var file = _folder.File("none.conf");
        var outcome = await InvoluteProcess.RunAsync(["train", "--runs", _runs.Path, "--config", file]);
        outcome.ExpectOneLine(64, file);
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task A_folder_of_runs_that_cannot_be_written_is_64()
    {
        var file = _folder.File("regular");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);
        var outcome = await InvoluteProcess.RunAsync(["train", "--runs", Path.Combine(file, "runs"), "--name", "a"]);
        outcome.ExpectOneLine(64, "--runs", file, "allowed");
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a b")]
    public async Task A_bad_name_is_64(string name)
    {
        (await _runs.TrainAsync(name)).ExpectOneLine(64, name, "allowed");
        Assert.Empty(_runs.Entries());
    }
}
