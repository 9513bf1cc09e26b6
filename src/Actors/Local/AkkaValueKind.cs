using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Configuration.Hocon;

namespace Involute.Actors.Local;

/// <summary>
/// What kind of value a key of Akka.NET takes, concluded from its default: Akka.NET describes its keys nowhere else.
/// </summary>
internal static partial class AkkaValueKind
{
    private static readonly string[] Switches = ["on", "off", "true", "false", "yes", "no"];

    /// <summary>Why a value cannot stand where another does by default; null if it can.</summary>
    public static (string Problem, string Allowed)? Problem(HoconValue known, HoconValue value)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(value);
        return known switch
        {
            _ when known.IsObject() => value.IsObject() ? null : (Shown(value), "a block { … }"),
            _ when known.IsArray() => value.IsArray() ? null : (Shown(value), "a list [ … ]"),
            _ when known.GetString() is null => IsListLike(value) ? null : (Shown(value), "a list [ … ]"),
            _ when !value.IsString() => (Shown(value), Allowed(known.GetString())),
            _ => Problem(known.GetString(), value.GetString()) is { } allowed ? (Shown(value), allowed) : null,
        };
    }

    private static string? Problem(string known, string value) => IsRight(known, value) ? null : Allowed(known);

    private static bool IsRight(string known, string value) => known switch
    {
        // A key that is off by default may take a number when it is on.
        _ when IsSwitch(known) => IsSwitch(value) || IsAmount(value),
        "infinite" => value == known || IsAmount(value),
        _ when Measure().Match(known) is { Success: true } number => Measure().Match(value) is { Success: true } other
            ? IsInRange(number, other) && (!HasUnit(other) || HasUnit(number))
            : HasUnit(number) && value is "infinite" or "off",
        _ when IsType(known) => IsType(value),
        _ => true,
    };

    private static string Allowed(string known) => known switch
    {
        _ when IsSwitch(known) => "on, off, or a number where the key takes one",
        "infinite" => "infinite, or a duration such as 10s",
        _ when Measure().Match(known) is { Success: true } number => HasUnit(number)
            ? $"a number with a unit such as {known}"
            : $"a number such as {known}",
        _ when IsType(known) => "the name of a type, with its assembly, such as " + known,
        _ => $"a text such as '{known}'",
    };

    private static string Shown(HoconValue value) => value switch
    {
        _ when value.IsObject() => "a block is not of the kind that the key takes",
        _ when value.IsArray() => "a list is not of the kind that the key takes",
        _ => $"'{Short(value.GetString() ?? "null")}' is not of the kind that the key takes",
    };

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";

    // An empty list is read as no array, and has no text.
    private static bool IsListLike(HoconValue value) =>
        value.IsArray() || (!value.IsObject() && value.GetString() is null);

    private static bool IsSwitch(string text) => Switches.Contains(text);

    private static bool IsType(string text) =>
        text.Contains(',', StringComparison.Ordinal) && Type.GetType(text, throwOnError: false) is not null;

    private static bool HasUnit(Match number) => number.Groups["unit"].Length > 0;

    private static bool IsAmount(string text) =>
        Measure().Match(text) is { Success: true } number && Number(number) is >= 0 and <= int.MaxValue;

    // No number here has a meaning below zero, and those above this limit overflow where they are used.
    private static bool IsInRange(Match known, Match value) =>
        Number(value) is var number
        && number <= int.MaxValue
        && (number >= 0 || known.Groups["number"].Value.StartsWith('-'))
        && (number % 1 == 0 || known.Groups["number"].Value.Contains('.', StringComparison.Ordinal) || HasUnit(value));

    private static double Number(Match measure) =>
        double.Parse(measure.Groups["number"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<number>-?[0-9]+(\.[0-9]+)?)\s*(?<unit>[A-Za-z]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Measure();
}
