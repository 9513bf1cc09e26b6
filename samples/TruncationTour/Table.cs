namespace Involute.Samples.TruncationTour;

/// <summary>Columns of text, aligned to the right.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params object[] cells) => _rows.Add([.. cells.Select(cell => $"{cell}")]);

    public void Write(TextWriter output)
    {
        int[] widths = [.. headings.Select((_, column) => _rows.Max(row => row[column].Length))];
        foreach (var row in _rows)
        {
            output.WriteLine($"  {string.Join("  ", row.Select((cell, column) => cell.PadLeft(widths[column])))}".TrimEnd());
        }
    }
}
