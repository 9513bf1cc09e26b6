using Involute.Commands;

namespace Involute.Host.Operating;

/// <summary>What may stand next in a line: palettes, commands, switches and their known values, as the node says them.</summary>
/// <param name="palettes">What the node can be asked.</param>
internal sealed class Completion(IReadOnlyList<Palette> palettes)
{
    private const string Yes = "--yes";
    private static readonly string[] Own = ["help", "exit"];
    private static readonly string[] Everywhere = ["--json", Yes];

    /// <summary>The words that begin with the last one of a text, and may stand there.</summary>
    public IReadOnlyList<string> Of(string before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var words = before.Split(' ').ToList();
        var last = words[^1];
        words = [.. words.SkipLast(1).Where(word => word.Length > 0)];
        var isHelp = words is ["help", ..];
        return [.. Next(isHelp ? words[1..] : words, isHelp).Where(
            word => word.StartsWith(last, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }

    private IEnumerable<string> Next(List<string> words, bool isHelp)
    {
        if (words.Count == 0)
        {
            return palettes.Select(palette => palette.Name).Concat(isHelp ? [] : Own);
        }

        if (palettes.FirstOrDefault(palette => palette.Name == words[0]) is not { } found)
        {
            return [];
        }

        var single = found.Commands is [{ Name: "" }];
        if (words.Count == 1 && !single)
        {
            return found.Commands.Select(command => command.Name);
        }

        var command = single ? found.Commands[0] : found.Commands.FirstOrDefault(it => it.Name == words[1]);
        if (command is null || isHelp)
        {
            return [];
        }

        if (command.Arguments.FirstOrDefault(argument => argument.Switch == words[^1] && !argument.IsFlag) is { } open)
        {
            return open.Values;
        }

        // Of what is known by its place, the first that is not there yet.
        return (Places(command, words.Skip(single ? 1 : 2)).FirstOrDefault()?.Values ?? [])
            .Concat(command.Arguments.Where(argument => argument.Switch is not null && !words.Contains(argument.Switch))
                .Select(argument => argument.Switch!))
            .Concat(Everywhere.Where(flag => !words.Contains(flag) && (command.Changes || flag != Yes)));
    }

    private static IEnumerable<ArgumentDefinition> Places(CommandDefinition command, IEnumerable<string> given)
    {
        var places = 0;
        var isValue = false;
        foreach (var word in given)
        {
            var known = command.Arguments.FirstOrDefault(argument => argument.Switch == word);
            places += isValue || known is not null || Everywhere.Contains(word) ? 0 : 1;
            isValue = known is { IsFlag: false };
        }

        return command.Arguments.Where(argument => argument.Switch is null).Skip(places);
    }
}
