using System.Globalization;
using System.Text;

namespace Involute.Processes;

/// <summary>Text that another program made, for one line on a terminal or in a log.</summary>
internal static class OneLine
{
    /// <summary>
    /// Cuts it, and writes as <c>\u001b</c> what would steer a terminal, break the line or turn its direction around.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">How many characters are left, about.</param>
    public static string Of(string text, int longest = 300)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder();
        foreach (var rune in text.ReplaceLineEndings(" ").Replace('\t', ' ').Trim().EnumerateRunes())
        {
            if (shown.Length >= longest)
            {
                return shown.Append('…').ToString();
            }

            if (Steers(Rune.GetUnicodeCategory(rune)))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else
            {
                shown.Append(rune.ToString());
            }
        }

        return shown.ToString();
    }

    /// <summary>The same of bytes, which should be UTF-8.</summary>
    public static string Of(ReadOnlySpan<byte> text, int longest = 300) =>
        Of(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * longest)]), longest);

    /// <summary>Whether a text has characters that would steer a terminal.</summary>
    public static bool Steers(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Steers(Rune.GetUnicodeCategory(rune)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Steers(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned;
}
