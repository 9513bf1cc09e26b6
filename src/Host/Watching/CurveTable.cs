using System.Buffers.Text;
using System.Text.Json;

namespace Involute.Host.Watching;

/// <summary>The columns of a growing CSV file that charts show, thinned, and what is new of them for each page.</summary>
/// <remarks>Not safe for use by two threads at once.</remarks>
/// <param name="path">The file; its first column is the outer step.</param>
/// <param name="choose">Which of the columns of a header are shown, in their order.</param>
internal sealed class CurveTable(string path, Func<IReadOnlyList<string>, IReadOnlyList<CurveColumn>> choose)
{
    private readonly AppendedLines _lines = new(path);
    private int _columns;
    private double[] _row = [];
    private CurveBuckets _buckets = new(0);
    private double _last = double.NegativeInfinity;
    private bool _ascends = true;
    private long _restarts;

    /// <summary>The columns that are shown.</summary>
    public IReadOnlyList<CurveColumn> Columns { get; private set; } = [];

    /// <summary>The outer step of the last row; 0 before the first.</summary>
    public long LastStep => _buckets.Count == 0 ? 0 : (long)_buckets.X(_buckets.Count - 1);

    /// <summary>Takes in what has been appended.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Refresh()
    {
        Read();
        if (!_ascends)
        {
            // Rows were replaced by others.
            _lines.Forget();
            Restart();
            Read();
            _ascends = true;
        }
    }

    /// <summary>Writes what a page does not have yet; nothing if it has all.</summary>
    /// <param name="json">Gets a property, if there is something.</param>
    /// <param name="name">Its name.</param>
    /// <param name="seen">What the page has.</param>
    /// <returns>What the page has then.</returns>
    public Seen Write(Utf8JsonWriter json, string name, Seen? seen)
    {
        ArgumentNullException.ThrowIfNull(json);
        var now = new Seen(_restarts, _buckets.RowsEach, _buckets.Complete, _buckets.Rows);
        if (now == seen)
        {
            return now;
        }

        var from = seen is { } known && known.Restarts == _restarts && known.RowsEach == _buckets.RowsEach ? known.Complete : 0;
        json.WriteStartObject(name);
        json.WriteNumber("from", from);
        json.WriteNumber("rowsEach", _buckets.RowsEach);
        Numbers.Write(json, "x", from, _buckets.Count, _buckets.X);
        json.WriteStartObject("y");
        for (var column = 0; column < Columns.Count; column++)
        {
            var at = column;
            Numbers.Write(json, Columns[column].Name, from, _buckets.Count, bucket => _buckets[at, bucket].Mean);
        }

        json.WriteEndObject();
        if (_buckets.RowsEach > 1)
        {
            Range(json, "low", from, (column, bucket) => _buckets[column, bucket].Low);
            Range(json, "high", from, (column, bucket) => _buckets[column, bucket].High);
        }

        json.WriteEndObject();
        return now;
    }

    private void Range(Utf8JsonWriter json, string name, int from, Func<int, int, double> value)
    {
        json.WriteStartObject(name);
        for (var column = 0; column < Columns.Count; column++)
        {
            if (Columns[column].HasRange)
            {
                var at = column;
                Numbers.Write(json, Columns[column].Name, from, _buckets.Count, bucket => value(at, bucket));
            }
        }

        json.WriteEndObject();
    }

    private void Read() => _lines.Read(Restart, Begin, Take);

    private void Restart()
    {
        (_buckets, _last) = (new CurveBuckets(Columns.Count), double.NegativeInfinity);
        _restarts++;
    }

    private void Begin(string header)
    {
        var all = header.Split(',');
        Columns = choose(all);
        (_columns, _row) = (all.Length, new double[Columns.Count]);
        Restart();
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (!TryParse(line, out var step))
        {
            return;
        }

        _ascends &= step > _last;
        _last = step;
        _buckets.Add(step, _row);
    }

    private bool TryParse(ReadOnlySpan<byte> line, out double step)
    {
        step = double.NaN;
        var next = 0;
        for (var column = 0; column < _columns; column++)
        {
            var comma = line.IndexOf((byte)',');
            var cell = comma < 0 ? line : line[..comma];
            if (column == 0)
            {
                step = Number(cell);
            }
            else if (next < _row.Length && Columns[next].Place == column)
            {
                _row[next] = Columns[next].Shown(Number(cell));
                next++;
            }

            if (comma < 0)
            {
                return column == _columns - 1 && double.IsFinite(step);
            }

            line = line[(comma + 1)..];
        }

        return false;
    }

    private static double Number(ReadOnlySpan<byte> cell) =>
        Utf8Parser.TryParse(cell, out double number, out var used) && used == cell.Length ? number : double.NaN;

    /// <summary>What a page has of a table.</summary>
    /// <param name="Restarts">How often the table had begun anew.</param>
    /// <param name="RowsEach">Rows of a bucket.</param>
    /// <param name="Complete">Buckets that do not change any more.</param>
    /// <param name="Rows">Rows in all.</param>
    internal readonly record struct Seen(long Restarts, int RowsEach, int Complete, long Rows);
}

/// <summary>A column that a chart shows.</summary>
/// <param name="Place">Where it stands in a row, from 0; the outer step is no such column.</param>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shown">What is shown for a value.</param>
/// <param name="HasRange">Whether the lowest and the highest value of a bucket are shown, too.</param>
internal sealed record CurveColumn(int Place, string Name, Func<double, double> Shown, bool HasRange = false)
{
    /// <summary>Those of these names, as they are.</summary>
    /// <param name="header">Names of the columns of a file.</param>
    /// <param name="names">Those that are wanted.</param>
    /// <param name="ranges">Those of them that have a range.</param>
    public static IReadOnlyList<CurveColumn> Of(
        IReadOnlyList<string> header, IReadOnlyCollection<string> names, params string[] ranges) =>
    [
        .. Enumerable.Range(1, Math.Max(0, header.Count - 1)).Where(place => names.Contains(header[place]))
            .Select(place => new CurveColumn(place, header[place], value => value, ranges.Contains(header[place]))),
    ];
}
