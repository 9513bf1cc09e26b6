namespace Involute.Runs.Configuration;

/// <summary>Text as lines of a width.</summary>
internal static class Paragraph
{
    /// <summary>
    /// Lines of at most <paramref name="width"/> characters, broken between words; a longer word has its own line.
    /// </summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }

    /// <summary>The same text with a capital first letter and a full stop, as a sentence.</summary>
    public static string Sentence(string text) =>
        text.Length == 0
            ? text
            : $"{char.ToUpperInvariant(text[0])}{text[1..]}{(text[^1] is '.' or '?' or '!' ? "" : ".")}";
}
