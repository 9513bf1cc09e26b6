using System.Diagnostics;
using Xunit;

namespace Involute.Torch.Tests.Support;

/// <summary>Runs a class of these tests in another process, for settings that are read when a process starts.</summary>
internal static class ChildProcess
{
    // The variables that the test platform sets for its own processes would make the child report to it.
    private const string PlatformVariables = "TESTINGPLATFORM_";

    public static async Task<(int ExitCode, string Output)> RunAsync(
        Type tests, params (string Name, string Value)[] environment)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(tests.Assembly.Location);
        }

        foreach (var argument in new[] { "-class", tests.FullName!, "-noColor" })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(IsOfThePlatform).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync(cancellation);
        var output = await child.StandardOutput.ReadToEndAsync(cancellation);
        await child.WaitForExitAsync(cancellation);
        return (child.ExitCode, output + await error);
    }

    private static bool IsOfThePlatform(string name) => name.StartsWith(PlatformVariables, StringComparison.Ordinal);
}
