using System.Globalization;

namespace Involute.Tasks.Plugins;

/// <summary>The block <c>involute.task.options</c>, which belongs to the plugin's problem alone.</summary>
/// <remarks>As strict as the rest of the configuration: wrong values and unknown names are errors.</remarks>
public sealed class ProblemOptions(IReadOnlyDictionary<string, string> values)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Absolute path of the plugin's folder, where its data files lie; empty where there is none.</summary>
    public string OwnFolder { get; init; } = "";

    /// <summary>A finite number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    /// <exception cref="ProblemOptionException">It is something else.</exception>
    public double Number(string name, double fallback, double least, double most)
    {
        if (Find(name) is not { } text)
        {
            return fallback;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value) && value >= least && value <= most
            ? value
            : throw Wrong(name, text, FormattableString.Invariant($"a number from {least} to {most}"));
    }

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    /// <exception cref="ProblemOptionException">It is something else.</exception>
    public int Integer(string name, int fallback, int least, int most)
    {
        if (Find(name) is not { } text)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most
            ? value
            : throw Wrong(name, text, FormattableString.Invariant($"a whole number from {least} to {most}"));
    }

    /// <summary>Any text.</summary>
    public string Text(string name, string fallback) => Find(name) ?? fallback;

    /// <summary>Ends the reading; the host calls it after <see cref="IProblemPlugin.Create"/>.</summary>
    /// <exception cref="ProblemOptionException">There is an option that was not read.</exception>
    public void Finish()
    {
        if (values.Keys.FirstOrDefault(name => !_known.Contains(name)) is { } unknown)
        {
            var allowed = _known.Count > 0 ? string.Join(", ", _known.Order(StringComparer.Ordinal)) : "none";
            throw new ProblemOptionException(unknown, "unknown option", allowed);
        }
    }

    private string? Find(string name)
    {
        _known.Add(name);
        return values.TryGetValue(name, out var text) ? text : null;
    }

    private static ProblemOptionException Wrong(string name, string text, string allowed) =>
        new(name, $"'{text}' is out of range or no number", allowed);
}
