using Spectre.Console;

namespace Involute.Host.Reporting;

/// <summary>Names and values of one thing for a person, a line each.</summary>
internal static class DetailGrid
{
    /// <summary>Writes them; a value that is too long for the line goes on below itself.</summary>
    public static void Write(IAnsiConsole console, params IEnumerable<(string Name, string Value)> details)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(details);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in details)
        {
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(value));
        }

        console.Write(grid);
    }
}
