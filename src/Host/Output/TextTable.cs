using Involute.Runs;
using Spectre.Console;

namespace Involute.Host.Output;

/// <summary>Rows of cells for a person.</summary>
internal static class TextTable
{
    /// <summary>Writes them: to a terminal as a table with a frame, else as plain lines.</summary>
    public static void Write(IAnsiConsole console, string[] columns, IReadOnlyList<string[]> rows)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(rows);
        if (!console.Profile.Out.IsTerminal)
        {
            // A pipe has no width to fit a table into.
            foreach (var line in Lines([columns, .. rows]))
            {
                console.Profile.Out.Writer.WriteLine(line);
            }

            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns(columns);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        console.Write(table);
    }

    /// <summary>Plain lines: each column is as wide as its contents.</summary>
    /// <param name="rows">The heading and the rows, all of as many cells.</param>
    /// <param name="fromRight">Columns whose cells end below each other, as numbers do.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<string[]> rows, params int[] fromRight) =>
        AlignedLines.Of(rows, fromRight);
}
