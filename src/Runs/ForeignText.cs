using System.Globalization;
using System.Text;

namespace Involute.Runs;

/// <summary>Text that another program made, such as a server's error, for one line on a terminal.</summary>
internal static class ForeignText
{
    private const int Longest = 300;

    /// <summary>
    /// Cuts it, and writes as <c>\u001b</c> what would steer a terminal, break the line or turn its direction around.
    /// </summary>
    public static string Shown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder();
        foreach (var rune in text.ReplaceLineEndings(" ").Trim().EnumerateRunes())
        {
            if (shown.Length >= Longest)
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

    private static bool Steers(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned;
}
