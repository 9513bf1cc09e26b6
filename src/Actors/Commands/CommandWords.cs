using System.Globalization;
using System.Text;
using Involute.Runs.Configuration;

namespace Involute.Commands;

/// <summary>A line as words, and words as a call.</summary>
internal static class CommandWords
{
    /// <summary>The words of a line: separated by spaces, unless they stand between quotation marks.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        List<string> words = [];
        var word = new StringBuilder();
        var (isWord, quote) = (false, '\0');
        foreach (var letter in line)
        {
            if (letter == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && letter is '"' or '\'')
            {
                (isWord, quote) = (true, letter);
            }
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                Add();
            }
            else
            {
                isWord = true;
                word.Append(letter);
            }
        }

        Add();
        return words;

        void Add()
        {
            if (isWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            isWord = false;
        }
    }

    /// <summary>The palette and the command that words begin with, and the number of these words.</summary>
    /// <exception cref="CommandRefusedException">There is none; one line.</exception>
    public static (Palette Palette, CommandDefinition Command, int Used) Find(
        IReadOnlyList<Palette> palettes, IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(palettes);
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count == 0)
        {
            throw new CommandRefusedException($"no command given; allowed: {Names(palettes)}");
        }

        var palette = palettes.FirstOrDefault(known => known.Name == words[0])
            ?? throw new CommandRefusedException(
                $"unknown palette '{Shown(words[0])}'{Spelling.Suggest(words[0], palettes.Select(known => known.Name))}; allowed: "
                    + Names(palettes));
        if (palette.Commands is [{ Name: "" } only])
        {
            return (palette, only, 1);
        }

        var names = string.Join(", ", palette.Commands.Select(known => known.Name));
        return words.Count < 2
            ? throw new CommandRefusedException($"'{palette.Name}' needs a command; allowed: {names}")
            : (palette,
                palette.Commands.FirstOrDefault(known => known.Name == words[1]) ?? throw new CommandRefusedException(
                    $"unknown command '{palette.Name} {Shown(words[1])}'"
                        + $"{Spelling.Suggest(words[1], palette.Commands.Select(known => known.Name))}; allowed: {names}"),
                2);
    }

    /// <summary>The arguments of a command.</summary>
    /// <exception cref="CommandRefusedException">One is missing, unknown or too many; one line.</exception>
    public static IReadOnlyDictionary<string, string> Arguments(
        Palette palette, CommandDefinition command, IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(palette);
        ArgumentNullException.ThrowIfNull(command);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var places = new Queue<ArgumentDefinition>(command.Arguments.Where(argument => argument.Switch is null));
        var rest = new Queue<string>(words);
        while (rest.TryDequeue(out var word))
        {
            var argument = command.Arguments.FirstOrDefault(known => known.Switch == word)
                ?? (IsValue(word) && places.TryDequeue(out var next) ? next : null)
                ?? throw Refused($"'{Shown(word)}' is not an argument");
            var value = argument.Switch is null ? word
                : argument.IsFlag ? ""
                : rest.TryDequeue(out var given) ? given
                : throw Refused($"{word} needs a value");
            if (!values.TryAdd(argument.Name, value))
            {
                throw Refused($"{word} stands there twice");
            }
        }

        return command.Arguments.FirstOrDefault(
            argument => argument.IsRequired && !values.ContainsKey(argument.Name)) is { } missing
                ? throw Refused($"{missing.Usage} is missing")
                : values;

        CommandRefusedException Refused(string problem) => new($"{problem}; allowed: {palette.Usage(command)}");
    }

    // A negative number is a value, not a switch.
    private static bool IsValue(string word) =>
        !word.StartsWith('-') || double.TryParse(word, CultureInfo.InvariantCulture, out _);

    private static string Names(IEnumerable<Palette> palettes) => string.Join(", ", palettes.Select(palette => palette.Name));

    // What comes from a client is shown to others too: nothing in it may move their cursor.
    private static string Shown(string word) =>
        new([.. word.Take(60).Select(letter => char.IsControl(letter) ? '?' : letter)]);
}
