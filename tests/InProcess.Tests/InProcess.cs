using Involute.Host.Errors;
using Involute.Host.Tests.CommandLine;
using Spectre.Console;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary>The command in the process of the tests: hundreds of calls in the time that some processes need to start.</summary>
/// <remarks>Only in tests of <see cref="Alone"/>: the console and the current folder are the whole process's.</remarks>
internal static class InProcess
{
    // Only a guard against a command that hangs: no test depends on how long anything takes.
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    /// <summary>Runs a command line in a folder.</summary>
    public static Task<InvoluteOutcome> RunAsync(string folder, params IReadOnlyList<string> arguments) =>
        RunAsync(folder, TextReader.Null, arguments);

    /// <summary>Runs a command line in a folder, which reads what comes through a pipe.</summary>
    public static async Task<InvoluteOutcome> RunAsync(string folder, TextReader pipe, IReadOnlyList<string> arguments)
    {
        var (input, output, errors, console) = (Console.In, Console.Out, Console.Error, AnsiConsole.Console);
        var current = Environment.CurrentDirectory;
        using var printed = new StringWriter();
        using var complained = new StringWriter();
        try
        {
            Console.SetOut(printed);
            Console.SetError(complained);
            Console.SetIn(pipe);
            AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(printed) });
            Environment.CurrentDirectory = folder;
            var code = await CommandErrors.GuardAsync(() => Host.Program.RunAsync([.. arguments], streams: null))
                .WaitAsync(Guard, TimeProvider.System);
            return new InvoluteOutcome(
                $"involute {string.Join(' ', arguments.Select(argument => $"'{argument}'"))}", code, Lines(printed),
                Lines(complained));
        }
        finally
        {
            Console.SetIn(input);
            Console.SetOut(output);
            Console.SetError(errors);
            AnsiConsole.Console = console;
            Environment.CurrentDirectory = current;
        }
    }

    /// <summary>Fails if a refusal is not one line with a documented code, or if the program takes the blame.</summary>
    public static void AssertAnswered(this InvoluteOutcome outcome, params IReadOnlyCollection<int> codes)
    {
        Assert.True(codes.Contains(outcome.ExitCode), $"expected an exit code of {string.Join(", ", codes)}\n{outcome}");
        Assert.True(
            outcome.ExitCode == 0 || outcome.Errors.Count(line => !line.StartsWith("warning: ", StringComparison.Ordinal)) == 1,
            $"expected one line on standard error\n{outcome}");
        Assert.DoesNotContain(outcome.Output.Concat(outcome.Errors), line =>
            line.StartsWith("   at ", StringComparison.Ordinal) || line.Contains("internal error", StringComparison.Ordinal));
    }

    /// <summary>Every file and folder below a folder, with sizes and times: equal if nothing was written.</summary>
    public static IReadOnlyList<string> Entries(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => $"{entry.FullName} {(entry as FileInfo)?.Length} {entry.LastWriteTimeUtc.Ticks}")
            .Order(StringComparer.Ordinal),
    ];

    private static string[] Lines(StringWriter text) =>
        text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Tests that run one after the other: all of this assembly.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
