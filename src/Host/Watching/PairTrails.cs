using System.Buffers.Text;
using System.Text.Json;
using Involute.Host.Reporting;

namespace Involute.Host.Watching;

/// <summary>The inner steps of the first pairs over the last outer steps, out of <c>pairs.csv</c>.</summary>
/// <param name="path">The file.</param>
internal sealed class PairTrails(string path)
{
    private const int Steps = 200;
    private const long LastBytes = 256 << 10;

    private static readonly int Columns = PairsCsv.Header.Split(',').Length;

    private readonly AppendedLines _lines = new(path, LastBytes);
    private readonly Queue<Row> _rows = [];
    private long _restarts;
    private double _last = double.NegativeInfinity;

    /// <summary>Takes in what has been appended.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Refresh()
    {
        _lines.Read(Restart, _ => Restart(), Take);
        while (_rows.Count > 0 && _rows.Peek().Step <= _last - Steps)
        {
            _rows.Dequeue();
        }
    }

    /// <summary>Writes the rows that a page does not have yet; nothing if it has all.</summary>
    /// <returns>What the page has then.</returns>
    public Seen Write(Utf8JsonWriter json, string name, Seen? seen)
    {
        ArgumentNullException.ThrowIfNull(json);
        var now = new Seen(_restarts, _last);
        if (now == seen)
        {
            return now;
        }

        var anew = seen?.Restarts != _restarts;
        json.WriteStartObject(name);
        json.WriteBoolean("anew", anew);
        json.WriteNumber("steps", Steps);
        json.WriteStartArray("rows");
        foreach (var row in _rows.Where(row => anew || row.Step > seen!.Value.Step))
        {
            json.WriteStartArray();
            Numbers.Write(json, row.Step);
            Numbers.Write(json, row.Pair);
            Numbers.Write(json, row.Inner);
            Numbers.Write(json, row.Loss);
            Numbers.Write(json, row.Resets);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return now;
    }

    private void Restart()
    {
        _rows.Clear();
        _last = double.NegativeInfinity;
        _restarts++;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        Span<double> cells = stackalloc double[Columns];
        for (var column = 0; column < Columns; column++)
        {
            var comma = line.IndexOf((byte)',');
            if (comma < 0 != (column == Columns - 1))
            {
                return;
            }

            var cell = comma < 0 ? line : line[..comma];
            cells[column] = Utf8Parser.TryParse(cell, out double number, out var used) && used == cell.Length
                ? number
                : double.NaN;
            line = line[(comma + 1)..];
        }

        if (!double.IsFinite(cells[0]) || !double.IsFinite(cells[1]) || !double.IsFinite(cells[3]))
        {
            return;
        }

        if (cells[0] < _last)
        {
            Restart();
        }

        _last = cells[0];
        _rows.Enqueue(new Row(cells[0], cells[1], cells[3], cells[4], cells[5]));
    }

    private readonly record struct Row(double Step, double Pair, double Inner, double Loss, double Resets);

    /// <summary>What a page has of the trails.</summary>
    /// <param name="Restarts">How often they had begun anew.</param>
    /// <param name="Step">The last outer step.</param>
    internal readonly record struct Seen(long Restarts, double Step);
}
