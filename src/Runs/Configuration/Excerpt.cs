using System.Globalization;
using System.Text;

namespace Involute.Runs.Configuration;

/// <summary>Pieces of the user's text, made fit for an error message of one line.</summary>
internal static class Excerpt
{
    // Long enough for a path, short enough that a hostile file cannot fill a terminal.
    private const int LongestLine = 200;
    private const int LongestValue = 60;

    /// <summary>A value in quotes, shortened.</summary>
    public static string Quote(string value) => "'" + Shorten(value, LongestValue) + "'";

    /// <summary>A text without line breaks and control characters, shortened.</summary>
    public static string OneLine(string text) => Shorten(text, LongestLine);

    private static string Shorten(string text, int longest)
    {
        var result = new StringBuilder();
        foreach (var c in text)
        {
            if (result.Length >= longest)
            {
                result.Append('…');
                break;
            }

            if (IsPrintable(c))
            {
                result.Append(c);
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        return result.ToString();
    }

    private static bool IsPrintable(char c) => char.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
