using Spectre.Console;

namespace Involute.Host.Output;

/// <summary>What standard output is.</summary>
internal static class Terminal
{
    /// <summary>Characters in a line of the terminal; null of a pipe or a file, which have no width.</summary>
    public static int? Width() => AnsiConsole.Console.Profile is { Out.IsTerminal: true } profile ? profile.Width : null;
}
