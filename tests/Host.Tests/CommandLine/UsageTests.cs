using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class UsageTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData]
    [InlineData("trian")]
    [InlineData("train", "--no-such-option")]
    [InlineData("train", "--set")]
    [InlineData("show")]
    [InlineData("resume")]
    [InlineData("config")]
    [InlineData("verify")]
    [InlineData("verify", "run", "--steps", "3")]
    [InlineData("verify", "run", "--from-start")]
    public async Task A_wrong_command_line_is_2_and_says_where_help_is(params string[] arguments)
    {
        var outcome = (await InvoluteProcess.RunAsync(arguments)).Expect(2);
        Assert.Contains("--help", outcome.AllErrors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eval", "run", "--steps", "0")]
    [InlineData("eval", "run", "--trials", "many")]
    [InlineData("verify", "run", "--replay", "--steps", "0")]
    [InlineData("verify", "run", "--replay", "--steps", "many")]
    [InlineData("train", "--workers", "abc")]
    [InlineData("worker", "--threads", "1e3")]
    [InlineData("describe", "nobody")]
    public async Task A_wrong_value_is_64_and_one_line_that_says_what_is_allowed(params string[] arguments)
    {
        var outcome = await InvoluteProcess.RunAsync(arguments);
        outcome.ExpectOneLine(64, $"'{arguments[^1]}'");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("train", "--help")]
    [InlineData("resume", "--help")]
    [InlineData("show", "-h")]
    public async Task Help_is_0(params string[] arguments)
    {
        var outcome = (await InvoluteProcess.RunAsync(arguments)).Expect(0);
        Assert.Contains("Usage:", outcome.AllOutput, StringComparison.Ordinal);
        Assert.Empty(outcome.Errors);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("resume")]
    [InlineData("eval")]
    [InlineData("verify")]
    public async Task A_run_that_is_not_there_is_74_and_one_line(string command)
    {
        var outcome = await InvoluteProcess.RunAsync([command, "nobody", "--runs", _runs.Path]);
        outcome.ExpectOneLine(74, "nobody", _runs.Path);
        Assert.Empty(_runs.Entries());
    }
}
