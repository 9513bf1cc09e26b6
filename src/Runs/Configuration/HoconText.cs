using System.Buffers;
using System.Globalization;
using System.Text;

namespace Involute.Runs.Configuration;

/// <summary>Values as HOCON text that reads back as the same value, in every culture.</summary>
internal static class HoconText
{
    private static readonly SearchValues<char> PlainKey = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    private static readonly SearchValues<char> PlainValue = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+. ");

    /// <summary>A whole number.</summary>
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Of(double value) =>
        value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');

    /// <summary>A value on one line.</summary>
    public static string Of(HoconNode node) => Inline(node);

    /// <summary>A key with its block, one key in a line.</summary>
    public static string Of(string key, HoconBlock block)
    {
        var text = new StringBuilder();
        Append(text, key, block, "");
        return text.ToString();
    }

    /// <summary>Text in quotes.</summary>
    public static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\').Append(c);
            }
            else if (char.IsControl(c))
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }

        return text.Append('"').ToString();
    }

    private static void Append(StringBuilder text, string key, HoconNode node, string indent)
    {
        text.Append(indent).Append(Key(key));
        if (node is HoconBlock block)
        {
            text.Append(" {\n");
            foreach (var (inner, value) in block.Entries)
            {
                Append(text, inner, value, indent + "  ");
            }

            text.Append(indent).Append("}\n");
        }
        else
        {
            text.Append(" = ").Append(Inline(node)).Append('\n');
        }
    }

    private static string Inline(HoconNode node) => node switch
    {
        HoconScalar { IsQuoted: false } plain when !plain.Text.AsSpan().ContainsAnyExcept(PlainValue) => plain.Text,
        HoconScalar scalar => Quoted(scalar.Text),
        HoconList list => "[" + string.Join(", ", list.Items.Select(Inline)) + "]",
        HoconBlock block => "{" + string.Join(", ", block.Entries.Select(InlineEntry)) + "}",
        _ => throw new ArgumentException($"no text for {node.Description}"),
    };

    private static string InlineEntry(KeyValuePair<string, HoconNode> entry) =>
        $"{Key(entry.Key)} = {Inline(entry.Value)}";

    private static string Key(string key) =>
        key.Length == 0 || key.AsSpan().ContainsAnyExcept(PlainKey) ? Quoted(key) : key;
}
