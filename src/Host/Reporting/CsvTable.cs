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

    /// <summary>How many rows of the file a mean of <see cref="Means"/> is of; the last may be of fewer.</summary>
    public int RowsPerMean { get; private init; } = 1;

    /// <summary>
    /// Of a table that was read by <see cref="ReadThinned"/>: one column along another, with the means of each where rows of
    /// the file were put together.
    /// </summary>
    public (double[] Along, double[] Averaged) Means { get; private init; } = ([], []);

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
    /// <param name="averaged">The column that <see cref="Means"/> has the means of.</param>
    /// <param name="along">The column along which it has them.</param>
    /// <param name="wanted">The columns of the table; those of the file that are not wanted cost little.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CsvTable ReadThinned(string path, string averaged, string along, Func<string, bool> wanted)
    {
        IReadOnlyList<string> names = [];
        int[] places = [];
        ThinnedColumns? columns = null;
        double[] kept = [];
        CsvRows.Read(
            path,
            long.MaxValue,
            read =>
            {
                names = [.. read.Where(wanted)];
                places = [.. names.Append(along).Append(averaged).Select(name => read.ToList().IndexOf(name))];
                columns = new ThinnedColumns(places.Length);
                kept = new double[places.Length];
            },
            row =>
            {
                for (var column = 0; column < places.Length; column++)
                {
                    kept[column] = places[column] < 0 ? double.NaN : row[places[column]];
                }

                columns!.Add(kept);
            },
            name => name == averaged || name == along || wanted(name));
        var table = Named(names, column => columns!.Column(column));
        return new CsvTable(names, table, columns?.Column(names.Count).Length ?? 0)
        {
            IsThinned = columns?.IsThinned ?? false,
            RowsPerMean = columns?.RowsPerBucket ?? 1,
            Means = (columns?.Means(names.Count) ?? [], columns?.Means(names.Count + 1) ?? []),
        };
    }

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
