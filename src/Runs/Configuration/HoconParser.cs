using System.Globalization;

namespace Involute.Runs.Configuration;

/// <summary>
/// Reads the part of HOCON that settings need, strictly: what a lenient reader would guess at is an error with a line.
/// </summary>
/// <remarks>
/// Blocks, nested and dotted keys, lists, quoted and unquoted text, comments. Refused: substitutions, <c>include</c>,
/// <c>+=</c>, concatenated values, a key that is set twice in one text. Only
/// <see cref="ConfigurationException"/> is thrown; each loop consumes text or ends.
/// </remarks>
internal sealed class HoconParser
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
            : throw Unexpected("after the closing '}'", "nothing more");
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
                throw Unexpected("after a value", "a new line or ',' between keys");
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
            throw Unexpected("after a key", "KEY = VALUE or KEY { … }");
        }
    }

    private ConfigurationException Unexpected(string where, string allowed) =>
        Fail($"unexpected {Excerpt.Quote(_cursor.Current.ToString())} {where}", allowed);

    private ConfigurationException Fail(string problem, string allowed) =>
        new(_cursor.Position, Key, problem, allowed);

    private void Value(HoconBlock block, string key, SourcePosition position)
    {
        var opening = _cursor.Position;
        CheckDepth();
        if (_cursor.TryTake('{'))
        {
            _brackets++;
            Entries(Open(block, key, position), opening, isBraced: true);
            _brackets--;
        }
        else if (block[key] is { } first)
        {
            throw HoconErrors.Duplicate(position, Key, first.Position);
        }
        else
        {
            block.Set(key, _cursor.Current == '[' ? List() : Scalar(isItem: false));
        }
    }

    /// <summary>The block that the last part of a dotted key stands in.</summary>
    private HoconBlock Inner(HoconBlock block, IReadOnlyList<string> keys, SourcePosition position) =>
        keys.Take(keys.Count - 1).Aggregate(block, (outer, key) => Open(outer, key, position));

    private HoconBlock Open(HoconBlock block, string key, SourcePosition position)
    {
        switch (block[key])
        {
            case null:
                var inner = new HoconBlock(position);
                block.Set(key, inner);
                return inner;
            case HoconBlock existing:
                return existing;
            case { } other:
                throw HoconErrors.Duplicate(position, Key, other.Position);
        }
    }

    private HoconList List()
    {
        var opening = _cursor.Position;
        var items = new List<HoconNode>();
        _cursor.Take();
        _brackets++;
        _lists++;
        while (true)
        {
            _cursor.SkipBlankLines();
            if (_cursor.TryTake(']'))
            {
                _brackets--;
                _lists--;
                return new HoconList(opening, items);
            }

            if (_cursor.AtEnd || _cursor.Current == '}')
            {
                throw HoconErrors.NotClosed(opening, Key, "list", "']'");
            }

            items.Add(Item(items.Count));
            _cursor.SkipBlanks();
            if (_cursor.Current is '=' or ':')
            {
                // A key where an item should be: the list above it was never closed.
                throw HoconErrors.NotClosed(opening, Key, "list", "']'");
            }

            if (!_cursor.TryTake(',') && !AtLineEnd && _cursor.Current is not (']' or '}'))
            {
                throw Unexpected("in a list", "values with ',' between them");
            }
        }
    }

    private HoconNode Item(int index)
    {
        CheckDepth();
        var opening = _cursor.Position;
        if (_cursor.Current == '[')
        {
            return List();
        }

        if (!_cursor.TryTake('{'))
        {
            return Scalar(isItem: true);
        }

        _path.Add(index.ToString(CultureInfo.InvariantCulture));
        _brackets++;
        var block = new HoconBlock(opening);
        Entries(block, opening, isBraced: true);
        _brackets--;
        _path.RemoveAt(_path.Count - 1);
        return block;
    }

    private HoconScalar Scalar(bool isItem)
    {
        var position = _cursor.Position;
        if (_cursor.Current == '"')
        {
            return new HoconScalar(position, _strings.Quoted(Key), isQuoted: true);
        }

        var isWholeArgument = _isArgument && _brackets == 0;
        var text = isWholeArgument ? _strings.Rest() : _strings.Unquoted(Key, isItem);
        if (text.Length == 0 && _cursor.Current is not ('=' or ':'))
        {
            throw Fail("a value is missing", "values with one ',' between them");
        }

        if (!isItem && _cursor.Current == ',' && char.IsAsciiDigit(text[^1]) && char.IsAsciiDigit(_cursor.Ahead(1)))
        {
            throw new ConfigurationException(
                position, Key, $"{Excerpt.Quote(text + Digits())} is not a number",
                "a decimal point, as in 0.01, and a blank after a comma between keys");
        }

        return new HoconScalar(position, text, isQuoted: false);
    }

    /// <summary>A comma and the digits behind it.</summary>
    private string Digits()
    {
        var start = _cursor.Index;
        do
        {
            _cursor.Take();
        }
        while (char.IsAsciiDigit(_cursor.Current));

        return _cursor.Since(start);
    }

    private void CheckDepth()
    {
        if (_path.Count + _lists > MaximumDepth)
        {
            throw HoconErrors.TooDeep(_cursor.Position, Key);
        }
    }
}
