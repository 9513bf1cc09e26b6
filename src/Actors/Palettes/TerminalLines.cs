namespace Involute.Actors.Palettes;

/// <summary>Text for a terminal of 80 columns.</summary>
internal static class TerminalLines
{
    /// <summary>Characters that fit a line.</summary>
    public const int Columns = 80;

    private const char Gap = '\u2026';
    private const int NarrowestColumn = 8;
    private const int BetweenColumns = 2;

    /// <summary>A text behind a label: in as many lines as it needs, those after the first indented as far as the label.</summary>
    public static string Behind(string label, string text)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(text);
        if (label.Length + text.Length <= Columns)
        {
            return label + text;
        }

        // A word that does not fit behind the label stands below it, as a whole if it can.
        var longest = text.Split(' ').Max(word => word.Length);
        var indent = longest <= Columns - label.Length ? label.Length : 4;
        List<string> lines = indent == label.Length ? [] : [label.TrimEnd()];
        var rest = text;
        while (rest.Length > Columns - indent)
        {
            var cut = rest.LastIndexOf(' ', Columns - indent) is > 0 and var space ? space : Columns - indent;
            lines.Add(new string(' ', indent) + rest[..cut]);
            rest = rest[cut..].TrimStart(' ');
        }

        lines.Add(new string(' ', indent) + rest);
        return indent == label.Length ? label + string.Join('\n', lines)[indent..] : string.Join('\n', lines);
    }

    /// <summary>Cells of a table that fits: of the longest words, the middle is left out. Programs get the whole.</summary>
    /// <param name="rows">Cells; of the same number in each row.</param>
    /// <param name="numbers">Columns that keep their cells.</param>
    public static IReadOnlyList<string[]> Fitting(IReadOnlyList<string[]> rows, IReadOnlyCollection<int> numbers)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(numbers);
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        var tooMany = widths.Sum() + (BetweenColumns * (widths.Length - 1)) - Columns;
        while (tooMany > 0 && Enumerable.Range(0, widths.Length)
            .Where(column => !numbers.Contains(column) && widths[column] > NarrowestColumn)
            .OrderByDescending(column => widths[column]).Cast<int?>().FirstOrDefault() is { } widest)
        {
            widths[widest]--;
            tooMany--;
        }

        return [.. rows.Select(row => row.Select((cell, column) => Short(cell, widths[column])).ToArray())];
    }

    private static string Short(string word, int width) => word.Length <= width
        ? word
        : $"{word[..((width - 1) / 2)]}{Gap}{word[(word.Length - (width - 1 - ((width - 1) / 2)))..]}";
}
