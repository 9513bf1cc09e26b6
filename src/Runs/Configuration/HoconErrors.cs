namespace Involute.Runs.Configuration;

/// <summary>Mistakes of form, which more than one part of the parser finds.</summary>
internal static class HoconErrors
{
    /// <summary>A block, list or string that goes on to the end of the text; reported where it opens.</summary>
    public static ConfigurationException NotClosed(SourcePosition opening, string key, string what, string end) =>
        new(opening, key, $"the {what} that opens here is not closed", $"a {what} that ends with {end}");

    /// <summary>More levels than any setting has; stops a text that would exhaust the stack.</summary>
    public static ConfigurationException TooDeep(SourcePosition position, string key) =>
        new(position, key, "blocks or lists are nested too deep", $"at most {HoconParser.MaximumDepth} levels");

    /// <summary>A key that is set twice.</summary>
    public static ConfigurationException Duplicate(SourcePosition position, string key, SourcePosition first) =>
        new(position, key, FormattableString.Invariant($"set twice, first in line {first.Line}"), "once in a file");
}
