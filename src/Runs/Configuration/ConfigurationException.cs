namespace Involute.Runs.Configuration;

/// <summary>The configuration is wrong; the message is one line for the user, and no stack trace is of use.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Describes one mistake.</summary>
    /// <param name="position">Where it was written.</param>
    /// <param name="key">Full path of the key; empty where none is known yet.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="allowed">What would be right.</param>
    public ConfigurationException(SourcePosition position, string key, string problem, string allowed)
        : base(Line(position, key, problem, allowed))
    {
        Position = position;
        Key = key;
    }

    /// <summary>Where the mistake was written.</summary>
    public SourcePosition Position { get; }

    /// <summary>Full path of the key, for instance <c>involute.sigma</c>; empty where none is known.</summary>
    public string Key { get; }

    private static string Line(SourcePosition position, string key, string problem, string allowed)
    {
        var place = key.Length == 0 ? $"{position}: " : $"{position}: {Excerpt.OneLine(key)}: ";
        return $"{place}{problem}; allowed: {allowed}";
    }
}
