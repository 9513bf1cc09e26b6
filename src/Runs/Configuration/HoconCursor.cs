namespace Involute.Runs.Configuration;

/// <summary>A place in a text that moves forward and counts lines.</summary>
/// <remarks>The text holds no control characters but tab and line feed, so '\0' can stand for its end.</remarks>
internal sealed class HoconCursor(string text, string source, bool hasLines)
{
    /// <summary>What <see cref="Current"/> is behind the last character.</summary>
    public const char End = '\0';

    private int _line = 1;
    private int _lineStart;

    /// <summary>Number of characters behind the cursor.</summary>
    public int Index { get; private set; }

    /// <summary>Whether all text is behind the cursor.</summary>
    public bool AtEnd => Index >= text.Length;

    /// <summary>The character under the cursor.</summary>
    public char Current => Ahead(0);

    /// <summary>Where the cursor is.</summary>
    public SourcePosition Position =>
        hasLines ? new SourcePosition(source, _line, Index - _lineStart + 1) : SourcePosition.Of(source);

    /// <summary>Whether the rest of the line, from the cursor on, is a comment.</summary>
    public bool AtComment => Current == '#' || StartsWith("//");

    /// <summary>The character <paramref name="count"/> places in front of the cursor.</summary>
    public char Ahead(int count) => Index + count < text.Length ? text[Index + count] : End;

    /// <summary>Whether the text goes on like this.</summary>
    public bool StartsWith(string next) => string.CompareOrdinal(text, Index, next, 0, next.Length) == 0;

    /// <summary>The text from a former <see cref="Index"/> up to the cursor.</summary>
    public string Since(int start) => text[start..Index];

    /// <summary>Returns the character under the cursor and moves on.</summary>
    public char Take()
    {
        var c = Current;
        if (!AtEnd)
        {
            Index++;
        }

        if (c == '\n')
        {
            _line++;
            _lineStart = Index;
        }

        return c;
    }

    /// <summary>Moves on if the character under the cursor is this one.</summary>
    public bool TryTake(char expected)
    {
        if (AtEnd || Current != expected)
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>Moves over several characters.</summary>
    public void Skip(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Take();
        }
    }

    /// <summary>Moves over blanks and tabs, but not over a line's end.</summary>
    public void SkipBlanks()
    {
        while (Current != '\n' && char.IsWhiteSpace(Current))
        {
            Take();
        }
    }

    /// <summary>Moves to the end of the line.</summary>
    public void SkipLine()
    {
        while (!AtEnd && Current != '\n')
        {
            Take();
        }
    }

    /// <summary>Moves to the next character that is neither white space nor comment.</summary>
    public void SkipBlankLines()
    {
        while (!AtEnd && (char.IsWhiteSpace(Current) || AtComment))
        {
            if (AtComment)
            {
                SkipLine();
            }
            else
            {
                Take();
            }
        }
    }
}
