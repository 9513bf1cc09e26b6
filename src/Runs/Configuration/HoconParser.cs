namespace Involute.Runs.Configuration;

/// <summary>
/// Reads the part of HOCON that settings need, strictly: what a lenient reader would guess at is an error with a line.
/// </summary>
/// <remarks>
/// Blocks, nested and dotted keys, lists, quoted and unquoted text, comments. Refused: substitutions, <c>include</c>,
/// <c>+=</c>, concatenated values, a key that is set twice in one text. Only
/// <see cref="ConfigurationException"/> is thrown; each loop consumes text or ends.
/// </remarks>
internal sealed partial class HoconParser
{
    /// <summary>Levels of blocks and lists; no setting needs more than five.</summary>
    public const int MaximumDepth = 32;

    private readonly HoconCursor _cursor;
    private readonly HoconStrings _strings;
    private readonly bool _isArgument;
    private readonly List<string> _path = [];
    private int _brackets;
    private int _lists;

    private HoconParser(string text, string source, bool isArgument)
    {
        _cursor = new HoconCursor(text, source, hasLines: !isArgument);
        _strings = new HoconStrings(_cursor);
        _isArgument = isArgument;
    }

    private string Key => string.Join('.', _path);

    private bool AtLineEnd => _cursor.AtEnd || _cursor.AtComment || _cursor.Current == '\n';

    /// <summary>Parses the text of a file.</summary>
    public static HoconBlock ParseFile(string text, string source) =>
        new HoconParser(text, source, isArgument: false).Document();

    /// <summary>Parses <c>KEY=VALUE</c>; a value without brackets and quotes reaches to the end of the text.</summary>
    public static HoconBlock ParseArgument(string text, string source) =>
        new HoconParser(text, source, isArgument: true).Document();

    private HoconBlock Document()
    {
        _cursor.SkipBlankLines();
        var root = new HoconBlock(_cursor.Position);
        var opening = _cursor.Position;
        var isBraced = _cursor.TryTake('{');
        Entries(root, opening, isBraced);
        _cursor.SkipBlankLines();
        return _cursor.AtEnd
            ? root
            : throw Unexpected("behind the closing '}'", "nothing more");
    }

    private void Entries(HoconBlock block, SourcePosition opening, bool isBraced)
    {
        while (true)
        {
            _cursor.SkipBlankLines();
            if (_cursor.AtEnd)
            {
                if (isBraced)
                {
                    throw HoconErrors.NotClosed(opening, Key, "block", "'}'");
                }

                return;
            }

            if (isBraced && _cursor.TryTake('}'))
            {
                return;
            }

            Entry(block);
            _cursor.SkipBlanks();
            if (!_cursor.TryTake(',') && !AtLineEnd && _cursor.Current != '}')
            {
                throw Unexpected("behind a value", "a new line or ',' between keys");
            }
        }
    }

    private void Entry(HoconBlock block)
    {
        var position = _cursor.Position;
        var outer = _path.Count;
        var keys = new HoconKeys(_cursor, _strings).Path(Key, MaximumDepth);
        _path.AddRange(keys);
        Separator(position);
        Value(Inner(block, keys, position), keys[^1], position);
        _path.RemoveRange(outer, keys.Count);
    }

    private void Separator(SourcePosition position)
    {
        _cursor.SkipBlanks();
        if (_path is ["include"] && _cursor.Current is not ('=' or ':' or '{'))
        {
            throw new ConfigurationException(
                position, "include", "include is not supported", "several --config FILE, of which later ones win");
        }

        if (_cursor.StartsWith("+="))
        {
            throw Fail("appending with '+=' is not supported", "KEY = [ … ] with all values");
        }

        var hasSign = _cursor.TryTake('=') || _cursor.TryTake(':');
        _cursor.SkipBlanks();
        if (AtLineEnd || _cursor.Current is ',' or '}' or ']')
        {
            throw new ConfigurationException(
                position, Key, "the key has no value", "KEY = VALUE in one line, or KEY { … }");
        }

        if (!hasSign && _cursor.Current != '{')
        {
            throw Unexpected("behind a key", "KEY = VALUE or KEY { … }");
        }
    }

    private ConfigurationException Unexpected(string where, string allowed) =>
        Fail($"unexpected {Excerpt.Quote(_cursor.Current.ToString())} {where}", allowed);

    private ConfigurationException Fail(string problem, string allowed) =>
        new(_cursor.Position, Key, problem, allowed);
}
