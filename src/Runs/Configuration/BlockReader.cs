using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Takes typed values out of a block and, at the end, complains about keys that no option has.</summary>
internal sealed partial class BlockReader(
    HoconBlock block, string path, ComponentCatalogue catalogue, LayerOrder order)
{
    private const string BlockAllowed = "a block { … }";

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // Of options that have a block of their own: its path.
    private readonly Dictionary<string, string> _otherBlocks = new(StringComparer.Ordinal);

    /// <summary>The value of an option, as <see cref="OptionDescription.Set"/> takes it.</summary>
    public object? Option(OptionDescription option)
    {
        if (option.Block is { } other)
        {
            _otherBlocks[option.Key] = $"{ConfigurationLayers.Root}.{other.Key}";
        }

        var node = Required(option.Key, option.Allowed);
        return option.CanBeOff && IsOff(node, option.OffWord) ? null : option.Type switch
        {
            OptionType.Whole when option.NumberWord is { } word && (node as HoconScalar)?.Text == word =>
                (long)option.NumberWordValue,
            OptionType.Whole => Whole(node, PathOf(option.Key), option, option.Allowed),
            OptionType.Number => Number(node, option),
            OptionType.Word => Word(node, option),
            OptionType.Flag => Flag(node, option),
            OptionType.Text => Text(node, option),
            OptionType.WholeList => Wholes(node, option),
            OptionType.TextList => TextList(node, option),
            _ => Texts(node, option),
        };
    }

    /// <summary>A block with its own keys.</summary>
    public BlockReader Block(string key)
    {
        var node = Required(key, BlockAllowed);
        return node is HoconBlock inner
            ? new BlockReader(inner, PathOf(key), catalogue, order)
            : throw Wrong(node, key, $"{node.Description} is not a block", BlockAllowed);
    }

    /// <summary>The component that a block chooses by name.</summary>
    public Component Component(ComponentKind kind) => catalogue.Resolve(
        kind, Required(kind.NameKey, string.Join(", ", catalogue.Names(kind))));

    /// <summary>Ends the reading: every key that is left is unknown.</summary>
    public void Finish()
    {
        if (block.Keys.FirstOrDefault(key => !_taken.Contains(key)) is { } unknown)
        {
            var hint = TheirNames.Hint(catalogue, unknown) ?? Spelling.Suggest(unknown, _taken);
            throw Wrong(block[unknown]!, unknown, $"unknown key{hint}", string.Join(", ", _taken));
        }
    }

    /// <summary>The error for options that are each allowed and together wrong.</summary>
    /// <remarks>The one that was written last is at fault, if the problem names it; one that is a default is not.</remarks>
    public ConfigurationException Refusal(OptionProblem problem, Component component)
    {
        var key = block[problem.Key];
        var words = Words().Matches($"{problem.Problem} {problem.Allowed}").Select(word => word.Value).ToHashSet();
        var blamed = order.Latest(
            component.Options.Where(option => option.Key != problem.Key && words.Contains(option.Key))
                .Select(option => block[option.Key])
                .Prepend(key)
                .Where(node => node is not null && !DefaultSettings.AreOf(component, node.Position)));

        // None of them was written: what is wrong is that the block leaves the option out.
        var place = blamed?.Position
            ?? order.Latest(block[component.Kind.NameKey], block)?.Position
            ?? block.Position;
        var origin = key is not null && blamed is not null && key.Position != place && !DefaultSettings.AreOf(component, key.Position)
            ? $" ({problem.Key} comes from {Shown(key.Position)})"
            : "";
        return new ConfigurationException(Shown(place), PathOf(problem.Key), problem.Problem + origin, problem.Allowed);

        SourcePosition Shown(SourcePosition position) =>
            component.Options.Any(option => option.IsSecret) ? position.WithoutValue() : position;
    }

    private static bool IsOff(HoconNode node, string word) => Unquoted(node) is { } text
        && (text == word || (Real().IsMatch(text) && !text.AsSpan(0, Mantissa(text)).ContainsAnyInRange('1', '9')));

    private static long Whole(HoconNode node, string key, OptionDescription option, string allowed)
    {
        var text = WithoutUnit(node, option);
        if (text is null || !WholeNumber().IsMatch(text))
        {
            throw new ConfigurationException(
                node.Position, key, $"{node.Description} is not a whole number{WordMeant(node, option)}", allowed);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= option.LeastWhole && value <= option.MostWhole
            ? value
            : throw new ConfigurationException(node.Position, key, $"{node.Description} is out of range", allowed);
    }

    private static string WordMeant(HoconNode node, OptionDescription option) => option.NumberWord is { } word
        ? Spelling.Suggest((node as HoconScalar)?.Text, [word])
        : "";

    private double Number(HoconNode node, OptionDescription option)
    {
        var text = WithoutUnit(node, option);
        if (text is null || !Real().IsMatch(text))
        {
            throw Wrong(
                node, option.Key, $"{node.Description} is not a number", $"{option.Allowed}, with a decimal point");
        }

        var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

        // A number that is too small to be represented reads as 0 without a word; it is not what was written.
        var isLost = value == 0 && text.AsSpan(0, Mantissa(text)).ContainsAnyInRange('1', '9');
        return double.IsFinite(value) && option.Range.Holds(value) && !isLost
            ? value
            : throw Wrong(node, option.Key, $"{node.Description} is out of range", option.Allowed);
    }

    private object Word(HoconNode node, OptionDescription option)
    {
        var text = (node as HoconScalar)?.Text;
        if (option.Words.FirstOrDefault(word => word.Text == text) is { } found)
        {
            return found.Value;
        }

        var suggestion = TheirNames.Hint(catalogue, text)
            ?? Spelling.Suggest(text, option.Words.Select(word => word.Text));
        throw Wrong(node, option.Key, $"unknown value {node.Description}{suggestion}", option.Allowed);
    }

    private bool Flag(HoconNode node, OptionDescription option) => Unquoted(node) switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong(node, option.Key, $"{node.Description} is neither true nor false", option.Allowed),
    };

    // Half of a surrogate pair (by an escape) has no UTF-8 and would be another text when it is read back.
    private static string? AllowedText(HoconNode node) =>
        node is HoconScalar { Text: var text } && !text.Any(char.IsControl) && !text.EnumerateRunes().Contains(Rune.ReplacementChar)
            ? text
            : null;

    private string Text(HoconNode node, OptionDescription option)
    {
        var text = AllowedText(node)
            ?? throw Wrong(node, option.Key, $"{node.Description} is not an allowed text", option.Allowed);
        return option.IsPath && text.StartsWith('~')
            ? throw Wrong(node, option.Key, "'~' is not expanded", "the path of the home folder itself")
            : text;
    }

    private IReadOnlyList<int> Wholes(HoconNode node, OptionDescription option) =>
        node is HoconList { Items: var items } && items.Count <= option.MostItems
            ? [.. items.Select((entry, i) => checked((int)Whole(
                entry, $"{PathOf(option.Key)}[{HoconText.Of(i)}]", option, option.WholeRange)))]
            : throw Wrong(node, option.Key, $"{node.Description} is not an allowed list", option.Allowed);

    private IReadOnlyList<string> TextList(HoconNode node, OptionDescription option) =>
        node is HoconList { Items: var items } && items.Count <= option.MostItems
            ? [.. items.Select((entry, i) => AllowedText(entry) ?? throw new ConfigurationException(
                entry.Position, $"{PathOf(option.Key)}[{HoconText.Of(i)}]", $"{entry.Description} is not an allowed text",
                "text without control characters"))]
            : throw Wrong(node, option.Key, $"{node.Description} is not an allowed list", option.Allowed);

    private TextOptions Texts(HoconNode node, OptionDescription option) =>
        node is HoconBlock inner && inner.Entries.All(entry => entry.Value is HoconScalar)
            ? new TextOptions(inner.Entries.Select(
                entry => KeyValuePair.Create(entry.Key, ((HoconScalar)entry.Value).Text)))
            : throw Wrong(node, option.Key, $"{node.Description} is not an allowed block", option.Allowed);

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

    private static string? Unquoted(HoconNode node) =>
        node is HoconScalar { IsQuoted: false } scalar ? scalar.Text : null;

    // A number may stand before its unit: "60 s".
    private static string? WithoutUnit(HoconNode node, OptionDescription option) =>
        Unquoted(node) is { } text && option.Unit is { } unit && text.EndsWith(' ' + unit, StringComparison.Ordinal)
            ? text[..^unit.Length].TrimEnd()
            : Unquoted(node);

    private static int Mantissa(string text) =>
        text.IndexOfAny(['e', 'E']) is var exponent && exponent < 0 ? text.Length : exponent;

    private string PathOf(string key) => $"{_otherBlocks.GetValueOrDefault(key, path)}.{key}";

    private ConfigurationException Wrong(HoconNode node, string key, string problem, string allowed) =>
        new(node.Position, PathOf(key), problem, allowed);

    [GeneratedRegex("[a-z][a-z0-9-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"^[+-]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Real();
}
