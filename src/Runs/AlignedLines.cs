namespace Involute.Runs;

/// <summary>Rows of cells as plain lines: each column is as wide as its contents.</summary>
internal static class AlignedLines
{
    private const string Gap = "  ";

    /// <summary>The lines.</summary>
    /// <param name="rows">The heading and the rows, all of as many cells.</param>
    /// <param name="fromRight">Columns whose cells end below each other, as numbers do.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string[]> rows, params int[] fromRight)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        return
        [
            .. rows.Select(row => string.Join(
                Gap,
                row.Select((cell, column) =>
                    fromRight.Contains(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd()),
        ];
    }
}
