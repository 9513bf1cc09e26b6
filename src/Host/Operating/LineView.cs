using System.Globalization;
using System.Text;

namespace Involute.Host.Operating;

/// <summary>The part of a line that a terminal shows while the line is written: as much as fits, with the cursor in it.</summary>
internal sealed class LineView
{
    private int _from;

    /// <summary>Columns that a text takes in a terminal: letters of East Asia and pictures take two, accents none.</summary>
    public static int Columns(ReadOnlySpan<char> text)
    {
        var columns = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            columns += Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format ? 0
                : IsWide(rune.Value) ? 2 : 1;
        }

        return columns;
    }

    /// <summary>The part, and how much of it stands before the cursor.</summary>
    /// <param name="text">The line.</param>
    /// <param name="cursor">Characters before the cursor.</param>
    /// <param name="room">Columns that there are.</param>
    public (string Shown, string BeforeCursor) Of(string text, int cursor, int room)
    {
        ArgumentNullException.ThrowIfNull(text);
        _from = Math.Min(_from, cursor);
        while (Columns(text.AsSpan(_from, cursor - _from)) > room)
        {
            _from += char.IsHighSurrogate(text[_from]) ? 2 : 1;
        }

        // What was left out on the left comes back where there is room for it.
        while (_from > 0 && Columns(text.AsSpan(_from - 1)) <= room)
        {
            _from--;
        }

        var end = text.Length;
        while (Columns(text.AsSpan(_from, end - _from)) > room)
        {
            end -= char.IsLowSurrogate(text[end - 1]) ? 2 : 1;
        }

        return (text[_from..end], text[_from..cursor]);
    }

    // The blocks of wide letters, as terminals draw them.
    private static bool IsWide(int rune) => rune is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF)
        or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
