using Involute.Processes.Children;
using Involute.Processes.Problems;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>The program of tests/ProcessChild, as a problem.</summary>
internal static class TestChild
{
    /// <summary>What starts it.</summary>
    public static string[] Command(params IEnumerable<string> arguments) =>
    [
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        Path.Combine(AppContext.BaseDirectory, "Involute.ProcessChild.dll"),
        .. arguments,
    ];

    /// <summary>A problem that it computes.</summary>
    public static ProcessProblem Start(params IEnumerable<string> arguments) => new(Settings(arguments));

    public static ChildSettings Settings(IEnumerable<string> arguments, double timeout = 60, int processes = 0) => new(
        new ChildCommand(Command(arguments), AppContext.BaseDirectory), TimeSpan.FromSeconds(timeout), processes);

    /// <summary>The line of a start that fails.</summary>
    public static string Refusal(IEnumerable<string> arguments, double timeout = 60)
    {
        var line = Assert.Throws<ProcessException>(() => new ProcessProblem(Settings(arguments, timeout)).Dispose()).Message;
        Assert.DoesNotContain('\n', line);
        return line;
    }
}
