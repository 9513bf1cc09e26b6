using System.Globalization;
using System.Text.Json.Nodes;
using static System.FormattableString;

namespace Involute.Actors.Palettes;

/// <summary>A value of an answer: as a person reads it, and as a program does.</summary>
/// <param name="Text">For a person.</param>
/// <param name="Value">For a program.</param>
/// <param name="IsNumber">Whether it stands below others of its kind by its end.</param>
internal readonly record struct Cell(string Text, JsonNode? Value, bool IsNumber = false)
{
    private const string Nothing = "-";

    /// <summary>Nothing is known.</summary>
    public static Cell None => new(Nothing, null, IsNumber: true);

    /// <summary>A word.</summary>
    public static Cell Of(string? text) => text is null ? None : new(text, JsonValue.Create(text));

    /// <summary>A whole number.</summary>
    public static Cell Of(long? number) => number is { } some
        ? new(some.ToString(CultureInfo.InvariantCulture), JsonValue.Create(some), IsNumber: true)
        : None;

    /// <summary>A number; one that is not finite is nothing to a program.</summary>
    public static Cell Of(double? number, string format = "G4") => number switch
    {
        null => None,
        { } some when double.IsFinite(some) =>
            new(some.ToString(format, CultureInfo.InvariantCulture), JsonValue.Create(some), IsNumber: true),
        { } other => new(other.ToString(CultureInfo.InvariantCulture), null, IsNumber: true),
    };

    /// <summary>A time; seconds for a program.</summary>
    public static Cell Of(TimeSpan? time) => time is { } some
        ? new(Duration(some.TotalSeconds), JsonValue.Create(some.TotalSeconds), IsNumber: true)
        : None;

    /// <summary>A moment, in universal time.</summary>
    public static Cell Of(DateTimeOffset? moment, string format = "yyyy-MM-dd HH:mm:ss") => moment is { } some
        ? new(
            some.ToUniversalTime().ToString(format, CultureInfo.InvariantCulture),
            JsonValue.Create(some.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)))
        : None;

    /// <summary>Words for a person, and whether for a program.</summary>
    public static Cell Of(bool flag, string yes, string no) => new(flag ? yes : no, JsonValue.Create(flag));

    /// <summary>A time for a person: of any length it has a few characters.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        >= 86400 => Invariant($"{Math.Floor(seconds / 86400)}d {Math.Floor(seconds % 86400 / 3600)}h"),
        >= 3600 => Invariant($"{Math.Floor(seconds / 3600)}h {Math.Floor(seconds % 3600 / 60):00}m"),
        >= 60 => Invariant($"{Math.Floor(seconds / 60)}m {Math.Floor(seconds % 60):00}s"),
        >= 1 => Invariant($"{seconds:0.0}s"),
        >= 1e-3 => Invariant($"{seconds * 1e3:0.0}ms"),
        _ => Invariant($"{seconds * 1e6:0}us"),
    };
}
