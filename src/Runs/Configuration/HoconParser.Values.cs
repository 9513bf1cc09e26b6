using System.Globalization;

namespace Involute.Runs.Configuration;

/// <summary>The part that reads what stands behind a key.</summary>
internal sealed partial class HoconParser
{
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
                "a decimal point, as in 0.01, and a blank behind a comma between keys");
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
