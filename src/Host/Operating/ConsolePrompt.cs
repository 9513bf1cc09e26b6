using System.Runtime.InteropServices;
using Involute.Commands;
using Involute.Host.Errors;

namespace Involute.Host.Operating;

/// <summary>Commands one after the other: from a person at a terminal, or from a pipe.</summary>
internal static class ConsolePrompt
{
    /// <summary>Reads and carries out commands until the input ends or says <c>exit</c>.</summary>
    /// <returns>The exit code: that of the last command that failed, if the commands came from a pipe.</returns>
    public static async Task<int> RunAsync(ConsoleSession session, bool json, bool yes)
    {
        ArgumentNullException.ThrowIfNull(session);
        var isTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        var editor = isTerminal ? new LineEditor(new Completion(session.Palettes)) : null;
        if (isTerminal)
        {
            Console.WriteLine($"connected to {session.Banner}; 'help' lists the commands, 'exit' ends");
        }

        // Ctrl-C gives up a line or a command; between the two it does nothing.
        using var between = isTerminal
            ? PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true)
            : null;
        var failed = ExitCode.Ok;
        while (Read(session, editor) is { } line)
        {
            var words = CommandWords.Split(line);
            if (words is ["exit" or "quit"])
            {
                break;
            }

            if (words is ["help" or "?", ..])
            {
                foreach (var text in ConsoleHelp.Of(session.Palettes, [.. words.Skip(1)]))
                {
                    Console.WriteLine(text);
                }
            }
            else if (words.Count > 0 && await session.RunAsync(words, json, yes, editor is null ? null : editor.Ask) is var code and not ExitCode.Ok)
            {
                failed = code;
            }
        }

        return isTerminal ? ExitCode.Ok : failed;
    }

    private static string? Read(ConsoleSession session, LineEditor? editor) =>
        editor is null ? Console.In.ReadLine() : editor.Read($"{session.Name}> ");
}
