using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Values of options as nodes of a configuration, and as text.</summary>
internal static class OptionNode
{
    /// <summary>A value as it would have been parsed.</summary>
    public static HoconNode Of(OptionDescription option, object? value, SourcePosition position)
    {
        HoconScalar Plain(string text) => new(position, text, isQuoted: false);
        return value switch
        {
            null when option.CanBeOff => Plain(option.OffWord),
            null => throw new ConfigurationException(position, option.Key, "null is not a value", option.Allowed),
            bool flag => Plain(flag ? "true" : "false"),
            int number when option.NumberWord is { } word && number == option.NumberWordValue => Plain(word),
            int number => Plain(HoconText.Of(number)),
            long number => Plain(HoconText.Of(number)),
            double number => Plain(HoconText.Of(number)),
            Enum word => Plain(option.Words.FirstOrDefault(known => known.Value.Equals(word))?.Text
                ?? throw new ConfigurationException(
                    position, option.Key, $"'{word}' is not one of its values", option.Allowed)),
            string text => new HoconScalar(position, text, isQuoted: true),
            IReadOnlyList<int> items => new HoconList(position, [.. items.Select(item => Plain(HoconText.Of(item)))]),
            IReadOnlyList<string> items =>
                new HoconList(position, [.. items.Select(item => new HoconScalar(position, item, isQuoted: true))]),
            TextOptions texts => Block(texts, position),
            _ => throw new ArgumentException($"{option.Key}: no node for a {value.GetType().Name}"),
        };
    }

    /// <summary>A value as it is written in a file.</summary>
    public static string Text(OptionDescription option, object? value) => HoconText.Of(Of(option, value, default));

    /// <summary>A value as a run's identity has it: limits that are off have always been a 0 there.</summary>
    public static string IdentityText(OptionDescription option, object? value) =>
        value is null ? "0" : Text(option, value);

    private static HoconBlock Block(TextOptions texts, SourcePosition position)
    {
        var block = new HoconBlock(position);
        foreach (var (key, value) in texts.Entries)
        {
            block.Set(key, new HoconScalar(position, value, isQuoted: true));
        }

        return block;
    }
}
