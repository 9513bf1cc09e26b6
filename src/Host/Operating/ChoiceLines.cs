namespace Involute.Host.Operating;

/// <summary>Words to choose from, in columns that fit a terminal.</summary>
internal static class ChoiceLines
{
    private const int Gap = 2;

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<string> words, int width)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Sum(word => word.Length + Gap) - Gap <= width)
        {
            return [string.Join("  ", words)];
        }

        var column = words.Max(word => word.Length) + Gap;
        var columns = Math.Max(1, (width + Gap) / column);
        return words.Chunk(columns).Select(row => string.Concat(row.Select(word => word.PadRight(column))).TrimEnd());
    }
}
