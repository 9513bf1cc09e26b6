using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Involute.Runs;

namespace Involute.Actors.Palettes;

/// <summary>Answers in two forms: aligned for people, and one JSON object on each line for programs.</summary>
internal static class AnswerText
{
    private const string Gap = "  ";

    // For programs and logs, not for web pages: only what JSON demands is escaped.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Names and values, one below the other, or one object.</summary>
    public static string Details(bool json, params IReadOnlyList<(string Key, string Name, Cell Value)> details)
    {
        ArgumentNullException.ThrowIfNull(details);
        if (json)
        {
            return Object(details.Select(one => (one.Key, one.Value)));
        }

        var width = details.Max(one => one.Name.Length);
        return string.Join(
            '\n', details.Select(one => TerminalLines.Behind($"{one.Name.PadRight(width)}{Gap}", one.Value.Text)));
    }

    /// <summary>Rows below a heading, or an object for each row.</summary>
    public static string Table(
        bool json, IReadOnlyList<(string Key, string Heading)> columns, IReadOnlyList<Cell[]> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        if (json)
        {
            return string.Join('\n', rows.Select(row => Object(row.Select((cell, i) => (columns[i].Key, cell)))));
        }

        int[] numbers = [.. Enumerable.Range(0, columns.Count).Where(i => rows.Count > 0 && rows.All(row => row[i].IsNumber))];
        string[][] cells =
        [
            [.. columns.Select(column => column.Heading)],
            .. rows.Select(row => row.Select(cell => cell.Text).ToArray()),
        ];
        return string.Join('\n', AlignedLines.Of(TerminalLines.Fitting(cells, numbers), numbers));
    }

    /// <summary>What has happened, in one line behind its time, or one object.</summary>
    public static string Event(
        bool json, DateTimeOffset time, string text, params IReadOnlyList<(string Key, Cell Value)> details) => json
            ? Object([("time", Cell.Of(time)), .. details])
            : TerminalLines.Behind($"{Cell.Of(time, "HH:mm:ss").Text}{Gap}", text);

    private static string Object(IEnumerable<(string Key, Cell Value)> members) => new JsonObject(
        members.Select(one => KeyValuePair.Create(one.Key, one.Value.Value))).ToJsonString(Readable);
}
