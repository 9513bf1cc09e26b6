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

    /// <summary>Number of rows of the table.</summary>
    public int Rows { get; }

    /// <summary>Whether rows of the file were put together: two rows of the table are the extremes of several.</summary>
    public bool IsThinned { get; private init; }

    /// <summary>A column's values; NaN where the file has none.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public double[] this[string column] => _columns[column];

    /// <summary>Reads a file; a missing one is an empty table, a torn last line is left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lastBytes">Only rows in so many bytes at its end.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CsvTable Read(string path, long lastBytes = long.MaxValue)
    {
        IReadOnlyList<string> names = [];
        List<double>[] columns = [];
        CsvRows.Read(
            path,
            lastBytes,
            read => (names, columns) = (read, [.. read.Select(_ => new List<double>())]),
            row =>
            {
                for (var column = 0; column < row.Length; column++)
                {
                    columns[column].Add(row[column]);
                }
            });
        return new CsvTable(
            names, Named(names, column => [.. columns[column]]), columns.Length > 0 ? columns[0].Count : 0);
    }

    /// <summary>
    /// Reads a file of any length into a table of at most <see cref="ThinnedColumns.MostRows"/> rows, which looks the same
    /// when it is drawn.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="averaged">The column that <see cref="Mean"/> is of.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CsvTable ReadThinned(string path, string averaged)
    {
        IReadOnlyList<string> names = [];
        var source = -1;
        ThinnedColumns? columns = null;
        var mean = new RunningMean(RunningMean.MostRows);
        double[] wider = [];
        CsvRows.Read(
            path,
            long.MaxValue,
            read =>
            {
                names = [.. read, Mean];
                source = read.ToList().IndexOf(averaged);
                columns = new ThinnedColumns(names.Count);
                wider = new double[names.Count];
            },
            row =>
            {
                row.CopyTo(wider, 0);
                wider[^1] = source < 0 ? double.NaN : mean.Add(row[source]);
                columns!.Add(wider);
            });
        var table = Named(names, column => columns!.Column(column));
        return new CsvTable([.. names.SkipLast(1)], table, names.Count == 0 ? 0 : table[names[0]].Length)
        {
            IsThinned = columns?.IsThinned ?? false,
        };
    }

    /// <summary>The running mean of a column over <see cref="RunningMean.MostRows"/> rows of the file.</summary>
    public const string Mean = "(running mean)";

    private static Dictionary<string, double[]> Named(IReadOnlyList<string> names, Func<int, double[]> column)
    {
        var columns = new Dictionary<string, double[]>();
        for (var i = 0; i < names.Count; i++)
        {
            columns[names[i]] = column(i);
        }

        return columns;
    }
}
