using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Exit code and output of a finished process.</summary>
internal sealed record InvoluteOutcome(
    string Command, int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    public string AllOutput => string.Join('\n', Output);

    public string AllErrors => string.Join('\n', Errors);

    /// <summary>Fails with everything the process said if it ended otherwise. A stack trace is never right.</summary>
    public InvoluteOutcome Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"expected exit code {exitCode}\n{this}");
        Assert.DoesNotContain(Output.Concat(Errors), line => line.StartsWith("   at ", StringComparison.Ordinal));
        return this;
    }

    /// <summary>Expects a refusal: exit code, and exactly one line on standard error, which has these parts.</summary>
    public void ExpectOneLine(int exitCode, params string[] parts)
    {
        Expect(exitCode);
        Assert.True(Errors.Count == 1, $"expected one line on standard error\n{this}");
        Assert.All(parts, part => Assert.Contains(part, Errors[0], StringComparison.Ordinal));
    }

    public override string ToString() =>
        $"{Command}\nexit code {ExitCode}\n--- standard output\n{AllOutput}\n--- standard error\n{AllErrors}";
}
