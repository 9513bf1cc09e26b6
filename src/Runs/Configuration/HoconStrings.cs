using System.Globalization;
using System.Text;

namespace Involute.Runs.Configuration;

/// <summary>Reads scalars: text in one or three pairs of quotes, and text without quotes.</summary>
internal sealed class HoconStrings(HoconCursor cursor)
{
    private const string TripleQuote = "\"\"\"";

    /// <summary>Reads text in quotes; the cursor is on the first quote.</summary>
    public string Quoted(string key) => cursor.StartsWith(TripleQuote) ? TripleQuoted(key) : SingleQuoted(key);

    /// <summary>
    /// Reads text without quotes up to the end of the line, a comma, a closing bracket or a comment, without blanks
    /// around it. Characters that mean something elsewhere in HOCON are refused, not guessed at.
    /// </summary>
    /// <param name="key">For messages.</param>
    /// <param name="stopAtSign">In a list: stop in front of '=' or ':', a sign that it was never closed.</param>
    public string Unquoted(string key, bool stopAtSign)
    {
        var start = cursor.Index;
        while (!cursor.AtEnd && !cursor.AtComment && cursor.Current is not ('\n' or ',' or '}' or ']'))
        {
            if (stopAtSign && cursor.Current is ('=' or ':'))
            {
                break;
            }

            if (cursor.StartsWith("${"))
            {
                throw new ConfigurationException(
                    cursor.Position, key, "substitutions (${…}) are not supported", "the value itself");
            }

            if (cursor.Current is '"' or '{' or '[' or '=' or ':' or '$' or '`')
            {
                throw new ConfigurationException(
                    cursor.Position, key, $"unexpected {Excerpt.Quote(cursor.Current.ToString())} in a value",
                    "one value, in double quotes if it holds such characters, and one key in a line");
            }

            cursor.Take();
        }

        return cursor.Since(start).Trim();
    }

    /// <summary>Reads everything to the end of the text: the value of a command-line argument.</summary>
    public string Rest()
    {
        var start = cursor.Index;
        while (!cursor.AtEnd)
        {
            cursor.Take();
        }

        return cursor.Since(start).Trim();
    }

    private string TripleQuoted(string key)
    {
        var opening = cursor.Position;
        cursor.Skip(TripleQuote.Length);
        var start = cursor.Index;

        // Of four or more quotes the last three close, as the HOCON specification has it.
        while (!cursor.StartsWith(TripleQuote) || cursor.Ahead(TripleQuote.Length) == '"')
        {
            if (cursor.AtEnd)
            {
                throw HoconErrors.NotClosed(opening, key, "text", TripleQuote);
            }

            cursor.Take();
        }

        var text = cursor.Since(start);
        cursor.Skip(TripleQuote.Length);
        return text;
    }

    private string SingleQuoted(string key)
    {
        var opening = cursor.Position;
        cursor.Take();
        var text = new StringBuilder();
        while (!cursor.TryTake('"'))
        {
            if (cursor.AtEnd || cursor.Current == '\n')
            {
                throw HoconErrors.NotClosed(opening, key, "text", "\" in the same line");
            }

            text.Append(cursor.Current == '\\' ? Escape(key) : cursor.Take());
        }

        return text.ToString();
    }

    private char Escape(string key)
    {
        var position = cursor.Position;
        cursor.Take();
        var letter = cursor.Take();
        return letter switch
        {
            '"' or '\\' or '/' => letter,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => Hexadecimal(position, key),
            _ => throw WrongEscape(position, key),
        };
    }

    private char Hexadecimal(SourcePosition position, string key)
    {
        var digits = string.Concat(cursor.Ahead(0), cursor.Ahead(1), cursor.Ahead(2), cursor.Ahead(3));
        if (!ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw WrongEscape(position, key);
        }

        cursor.Skip(digits.Length);
        return (char)code;
    }

    private static ConfigurationException WrongEscape(SourcePosition position, string key) =>
        new(position, key, "unknown escape in a text", "\\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits");
}
