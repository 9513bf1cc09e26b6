using Involute.Runs.Configuration;

namespace Involute.Host.Output;

/// <summary>Text in lines of a terminal.</summary>
internal static class FoldedText
{
    /// <summary>
    /// Lines of at most <paramref name="width"/> characters: broken between words, and within one that is longer.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="width">Characters in a line, the indent included.</param>
    /// <param name="indent">Blanks before each line.</param>
    public static IEnumerable<string> Lines(string text, int width, int indent = 0)
    {
        var room = Math.Max(1, width - indent);
        return Paragraph.Lines(text, room).SelectMany(line => line.Chunk(room))
            .Select(part => new string(' ', indent) + new string(part));
    }
}
