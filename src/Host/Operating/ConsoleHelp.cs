using Involute.Actors.Palettes;
using Involute.Commands;
using Involute.Runs.Configuration;

namespace Involute.Host.Operating;

/// <summary>Help on what a node can be asked, as it says itself.</summary>
internal static class ConsoleHelp
{
    private const string Indent = "    ";

    /// <summary>All palettes; or the commands of one, or one command with its arguments.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<Palette> palettes, IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(palettes);
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count == 0)
        {
            return Overview(palettes).SelectMany(line => line.Split('\n'));
        }

        var palette = palettes.FirstOrDefault(it => it.Name == words[0]);
        List<CommandDefinition> commands =
            [.. palette?.Commands.Where(it => words.Count < 2 || it.Name == words[1]) ?? []];
        if (palette is null || commands.Count == 0)
        {
            var names = palette?.Commands.Select(it => it.Name) ?? palettes.Select(it => it.Name);
            return
            [
                $"there is no '{string.Join(' ', words)}'{Spelling.Suggest(words[palette is null ? 0 : 1], names)}; allowed: "
                    + string.Join(", ", names),
            ];
        }

        return
        [
            .. commands.SelectMany(it => new[] { palette.Usage(it), TerminalLines.Behind(Indent, Summary(it)) }),
            .. commands.Count == 1 ? Arguments(commands[0]) : [],
        ];
    }

    private static IEnumerable<string> Overview(IReadOnlyList<Palette> palettes)
    {
        var width = palettes.Max(it => it.Name.Length) + 2;
        foreach (var palette in palettes)
        {
            var names = string.Join(", ", palette.Commands.Select(it => it.Name).Where(name => name.Length > 0));
            yield return TerminalLines.Behind(
                palette.Name.PadRight(width), $"{palette.Summary}{(names.Length > 0 ? $": {names}" : "")}");
        }

        yield return "";
        yield return "help PALETTE [COMMAND] explains them; Tab completes; exit or Ctrl-D ends.";
        yield return "--json: the answer for a program; --yes: no question.";
    }

    private static IEnumerable<string> Arguments(CommandDefinition command)
    {
        var width = command.Arguments.Select(argument => argument.Usage.Length).DefaultIfEmpty(0).Max() + 2;
        return command.Arguments.Select(argument => TerminalLines.Behind(
            Indent + argument.Usage.PadRight(width),
            $"{argument.Summary}{(argument.Values.Count > 0 ? $": {string.Join(", ", argument.Values)}" : "")}"));
    }

    private static string Summary(CommandDefinition command) =>
        $"{command.Summary}{(command.Changes ? " (asks first)" : "")}{(command.IsStream ? " (until Ctrl-C)" : "")}";
}
