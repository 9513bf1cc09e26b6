using System.Globalization;
using Involute.Runs.Configuration;
using Involute.Tasks.Components;

namespace Involute.Reproduction.Parameters;

/// <summary>
/// One thing that can be set in an experiment: its name, its published value, and what may be written.
/// </summary>
internal abstract record Parameter(string Name, object Default, string Help)
{
    /// <summary>What may be written, for help and errors.</summary>
    public abstract string Allowed { get; }

    /// <summary>Reads what the user wrote.</summary>
    /// <exception cref="ConfigurationException">It is not allowed.</exception>
    public object Parse(string text, SourcePosition position) => Read(text.Trim())
        ?? throw new ConfigurationException(position, "", $"{Excerpt.Quote(text)} is not a value of {Name}", Allowed);

    /// <summary>The value of a text; null if the text has none.</summary>
    protected abstract object? Read(string text);

    /// <summary>A finite number as people and JSON write it.</summary>
    protected static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;
}

/// <summary>A whole number.</summary>
internal sealed record WholeNumber(string Name, long Published, long Least, long Most, string Help)
    : Parameter(Name, Published, Help)
{
    public override string Allowed => $"a whole number from {Least} to {Most}";

    protected override object? Read(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= Least && value <= Most
            ? value
            : null;
}

/// <summary>A finite number.</summary>
internal sealed record RealNumber(string Name, double Published, NumberRange Range, string Help)
    : Parameter(Name, Published, Help)
{
    public override string Allowed => Range.ToString();

    protected override object? Read(string text) => Number(text) is { } value && Range.Holds(value) ? value : null;
}

/// <summary>Numbers, comma-separated.</summary>
internal sealed record RealNumbers(string Name, double[] Published, int Least, int Most, NumberRange Range, string Help)
    : Parameter(Name, Published, Help)
{
    public override string Allowed => Least == Most
        ? $"{Least} numbers separated by commas, each {Range}"
        : $"{Least} to {Most} numbers separated by commas, each {Range}";

    protected override object? Read(string text)
    {
        double?[] values = [.. text.Split(',').Select(part => Number(part.Trim()))];
        return values.Length >= Least && values.Length <= Most && values.All(value => value is { } v && Range.Holds(v))
            ? values.Select(value => value!.Value).ToArray()
            : null;
    }
}

/// <summary>true or false.</summary>
internal sealed record Flag(string Name, bool Published, string Help) : Parameter(Name, Published, Help)
{
    public override string Allowed => "true, false";

    protected override object? Read(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };
}

/// <summary>One of a few words, some of which have other names.</summary>
internal sealed record Choice(string Name, string Published, string[] Words, string Help)
    : Parameter(Name, Published, Help)
{
    public override string Allowed => string.Join(", ", Words);

    protected override object? Read(string text) => EstimatorNames.Among(Words, text);
}
