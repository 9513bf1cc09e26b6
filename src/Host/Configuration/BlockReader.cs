using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Involute.Hosting.Configuration;

/// <summary>Takes typed values out of a block and, at the end, complains about what nobody took.</summary>
internal sealed partial class BlockReader(HoconBlock block, string path)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>A whole number of 64 bits.</summary>
    public long Long(string key, long least, long most)
    {
        var allowed = FormattableString.Invariant($"a whole number from {least} to {most}");
        return Whole(Required(key, allowed), PathOf(key), least, most, allowed);
    }

    /// <summary>A whole number of 32 bits.</summary>
    public int Integer(string key, int least, int most) => (int)Long(key, least, most);

    /// <summary>A finite real number.</summary>
    public double Number(string key, NumberRange range)
    {
        var node = Required(key, range.ToString());
        var text = Unquoted(node);
        if (text is null || !Real().IsMatch(text))
        {
            throw Wrong(node, key, $"{node.Description} is not a number", $"{range}, with a decimal point");
        }

        var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

        // A number that is too small to be represented reads as 0 without a word; it is not what was written.
        var isLost = value == 0 && text.AsSpan(0, Mantissa(text)).ContainsAnyInRange('1', '9');
        return double.IsFinite(value) && range.Holds(value) && !isLost
            ? value
            : throw Wrong(node, key, $"{node.Description} is out of range", range.ToString());
    }

    /// <summary>One of several words.</summary>
    public T Choice<T>(string key, NamedValues<T> values)
        where T : struct, Enum
    {
        var allowed = string.Join(", ", values.Names);
        var node = Required(key, allowed);
        if (node is HoconScalar scalar)
        {
            if (values.TryFind(scalar.Text, out var value))
            {
                return value;
            }

            if (values.NotYet.Contains(scalar.Text, StringComparer.Ordinal))
            {
                throw Wrong(node, key, $"{node.Description} is not available in this version", allowed);
            }
        }

        var suggestion = Spelling.Suggest((node as HoconScalar)?.Text, values.Names);
        throw Wrong(node, key, $"unknown value {node.Description}{suggestion}", allowed);
    }

    /// <summary>Text without control characters; may be empty.</summary>
    public string Text(string key)
    {
        const string Allowed = "text without control characters";
        var node = Required(key, Allowed);
        return node is HoconScalar { Text: var text } && !text.Any(char.IsControl) && IsUnicode(text)
            ? text
            : throw Wrong(node, key, $"{node.Description} is not such a text", Allowed);
    }

    /// <summary>
    /// A connection string, which no message repeats: not even that of <c>--set</c>, whose place is the whole argument.
    /// </summary>
    public string Connection(string key, Func<string, string?> problem)
    {
        var text = Text(key);
        return problem(text) is { } wrong
            ? throw new ConfigurationException(
                block[key]!.Position.WithoutValue(), PathOf(key), wrong,
                "\"Host=…;Port=5432;Database=…;Username=…\" without a password")
            : text;
    }

    /// <summary>A list of whole numbers.</summary>
    public IReadOnlyList<int> Integers(string key, int most, int greatest)
    {
        var item = FormattableString.Invariant($"a whole number from 1 to {greatest}");
        var allowed = FormattableString.Invariant($"a list of at most {most}, each {item}");
        var node = Required(key, allowed);
        return node is HoconList { Items: var items } && items.Count <= most
            ? [.. items.Select((entry, i) => (int)Whole(entry, $"{PathOf(key)}[{HoconText.Of(i)}]", 1, greatest, item))]
            : throw Wrong(node, key, $"{node.Description} is not such a list", allowed);
    }

    /// <summary>A block whose keys nobody here knows, each with a text, a number or a word; in ordinal order.</summary>
    public IReadOnlyList<Setting> Texts(string key)
    {
        const string Allowed = "a block { … } of texts, numbers and words";
        var node = Required(key, Allowed);
        return node is HoconBlock inner && inner.Entries.All(entry => entry.Value is HoconScalar)
            ? [.. inner.Entries.Select(entry => new Setting(entry.Key, ((HoconScalar)entry.Value).Text))
                .OrderBy(setting => setting.Key, StringComparer.Ordinal)]
            : throw Wrong(node, key, $"{node.Description} is not such a block", Allowed);
    }

    /// <summary>A hash in lowercase hexadecimal digits, or an empty text.</summary>
    public string Hash(string key, int digits)
    {
        var text = Text(key);
        return text.Length == 0 || (text.Length == digits && text.All(char.IsAsciiHexDigitLower))
            ? text
            : throw Wrong(block[key]!, key, $"{block[key]!.Description} is no hash", $"\"\", or {digits} lowercase hexadecimal digits");
    }

    /// <summary>A block with its own keys.</summary>
    public BlockReader Block(string key)
    {
        const string Allowed = "a block { … }";
        var node = Required(key, Allowed);
        return node is HoconBlock inner
            ? new BlockReader(inner, PathOf(key))
            : throw Wrong(node, key, $"{node.Description} is not a block", Allowed);
    }

    /// <summary>The name of a block that is chosen by name.</summary>
    public string Name(NameTable table) =>
        table.Resolve(Required(table.NameKey, string.Join(", ", table.Names))).Name;

    /// <summary>Ends the reading: every key that is left is one that nobody knows.</summary>
    public void Finish()
    {
        if (block.Keys.FirstOrDefault(key => !_taken.Contains(key)) is { } unknown)
        {
            throw Wrong(
                block[unknown]!, unknown, $"unknown key{Spelling.Suggest(unknown, _taken)}", string.Join(", ", _taken));
        }
    }

    private HoconNode Required(string key, string allowed)
    {
        _taken.Add(key);
        return block[key] switch
        {
            null => throw new ConfigurationException(block.Position, PathOf(key), "missing key", allowed),
            HoconScalar { IsQuoted: false, Text: "null" } node =>
                throw Wrong(node, key, "null is not a value; leave the key out instead", allowed),
            { } node => node,
        };
    }

    private static long Whole(HoconNode node, string key, long least, long most, string allowed)
    {
        var text = Unquoted(node);
        if (text is null || !WholeNumber().IsMatch(text))
        {
            throw new ConfigurationException(node.Position, key, $"{node.Description} is not a whole number", allowed);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most
            ? value
            : throw new ConfigurationException(node.Position, key, $"{node.Description} is out of range", allowed);
    }

    // Half of a surrogate pair (by an escape) has no UTF-8 and would be another text when it is read back.
    private static bool IsUnicode(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    private static string? Unquoted(HoconNode node) =>
        node is HoconScalar { IsQuoted: false } scalar ? scalar.Text : null;

    private static int Mantissa(string text) =>
        text.IndexOfAny(['e', 'E']) is var exponent && exponent < 0 ? text.Length : exponent;

    private string PathOf(string key) => $"{path}.{key}";

    private ConfigurationException Wrong(HoconNode node, string key, string problem, string allowed) =>
        new(node.Position, PathOf(key), problem, allowed);

    [GeneratedRegex(@"^[+-]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Real();
}
