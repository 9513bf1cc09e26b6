using System.Globalization;

namespace Involute.Hosting.Configuration;

/// <summary>Values as HOCON text that reads back as the same value, in every culture.</summary>
internal static class HoconText
{
    /// <summary>A whole number.</summary>
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A list of whole numbers.</summary>
    public static string Of(IEnumerable<int> values) => "[" + string.Join(", ", values.Select(value => Of(value))) + "]";

    /// <summary>Text in quotes. Settings hold no control characters, so that quote and backslash are all to escape.</summary>
    public static string Quoted(string value) =>
        "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
