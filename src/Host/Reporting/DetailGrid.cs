using Spectre.Console;
using Spectre.Console.Rendering;

namespace Involute.Host.Reporting;

/// <summary>Names and values of one thing for a person, a line each.</summary>
internal static class DetailGrid
{
    // Spaces between the two columns.
    private const int Gap = 2;

    private static readonly Style Dim = new(decoration: Decoration.Dim);

    /// <summary>Writes them; a value that is too long for the line goes on below itself.</summary>
    public static void Write(IAnsiConsole console, params IEnumerable<(string Name, string Value)> details)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(details);
        console.Write(new Rows([.. details]));
    }

    // Not the library's grid: to measure its columns takes a tenth of the time of `show`.
    private sealed class Rows((string Name, string Value)[] details) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            var indent = Gap;
            foreach (var (name, _) in details)
            {
                indent = Math.Max(indent, name.Length + Gap);
            }

            var width = Math.Max(1, maxWidth - indent);
            foreach (var (name, value) in details)
            {
                var left = new Segment(name.PadRight(indent), Dim);
                foreach (var line in Segment.SplitLines(((IRenderable)new Text(value)).Render(options, width)))
                {
                    yield return left;
                    foreach (var segment in line)
                    {
                        yield return segment;
                    }

                    yield return Segment.LineBreak;
                    left = new Segment(new string(' ', indent));
                }
            }
        }
    }
}
