using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Involute.Host.Watching;

/// <summary>Each node's share of the computation, out of <c>nodes.csv</c>: the nodes that were seen last, thinned.</summary>
/// <param name="path">The file.</param>
internal sealed class NodeShares(string path)
{
    private const long LastBytes = 1 << 20;
    private const int MostNodes = 12;
    private const int MostPoints = 400;
    private const int Columns = 9;
    private const int NodeColumn = 2;
    private const int ShareColumn = 6;

    private readonly AppendedLines _lines = new(path, LastBytes);
    private readonly Dictionary<string, List<(double Step, double Share)>> _nodes = new(StringComparer.Ordinal);

    /// <summary>Grows whenever something changes.</summary>
    public long Version { get; private set; }

    /// <summary>Takes in what has been appended.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Refresh()
    {
        _lines.Read(Restart, _ => Restart(), Take);
        while (_nodes.Count > 2 * MostNodes)
        {
            _nodes.Remove(_nodes.MinBy(node => node.Value[^1].Step).Key);
        }
    }

    /// <summary>Writes an array with an object for each node.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray(name);
        foreach (var (node, points) in _nodes.OrderByDescending(node => node.Value[^1].Step).Take(MostNodes)
            .OrderBy(node => node.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("node", node);
            Numbers.Write(json, "x", 0, points.Count, i => points[i].Step);
            Numbers.Write(json, "y", 0, points.Count, i => points[i].Share);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Restart()
    {
        _nodes.Clear();
        Version++;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        var cells = Encoding.UTF8.GetString(line).Split(',');
        if (cells.Length != Columns || Number(cells[0]) is not { } step || Number(cells[ShareColumn]) is not { } share)
        {
            return;
        }

        if (!_nodes.TryGetValue(cells[NodeColumn], out var points))
        {
            _nodes[cells[NodeColumn]] = points = [];
        }

        if (points.Count > 0 && points[^1].Step >= step)
        {
            points.Clear();
        }

        points.Add((step, share));
        if (points.Count > MostPoints)
        {
            var place = 0;
            points.RemoveAll(_ => place++ % 2 == 1 && place < MostPoints);
        }

        Version++;
    }

    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;
}
