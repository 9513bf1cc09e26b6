using System.Globalization;

namespace Involute.Host.Reporting;

/// <summary>A table of numbers read back from a CSV file, also from one that a learner is writing.</summary>
internal sealed class CsvTable
{
    private readonly Dictionary<string, double[]> _columns;

    private CsvTable(IReadOnlyList<string> names, Dictionary<string, double[]> columns, int rows)
    {
        Names = names;
        _columns = columns;
        Rows = rows;
    }

    /// <summary>Column names, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of whole rows.</summary>
    public int Rows { get; }

    /// <summary>A column's values; NaN where the file has none.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public double[] this[string column] => _columns[column];

    /// <summary>Reads a file; a missing one is an empty table, a torn last line is left out.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CsvTable Read(string path)
    {
        if (!File.Exists(path))
        {
            return new CsvTable([], [], 0);
        }

        // A learner may hold it open for writing.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            return new CsvTable([], [], 0);
        }

        var names = lines[0].Split(',');
        string[][] rows = [.. lines.Skip(1).Select(line => line.Split(',')).Where(row => row.Length == names.Length)];
        var columns = new Dictionary<string, double[]>();
        for (var c = 0; c < names.Length; c++)
        {
            columns[names[c]] = [.. rows.Select(row => Number(row[c]))];
        }

        return new CsvTable(names, columns, rows.Length);
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
