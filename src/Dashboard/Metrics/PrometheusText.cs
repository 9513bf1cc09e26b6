using System.Globalization;
using System.Text;

namespace Involute.Dashboard.Metrics;

/// <summary>The text format of Prometheus, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>Series as text: all of a name together, behind its help and its type.</summary>
    public static string Of(IReadOnlyList<Series> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var text = new StringBuilder();
        foreach (var family in series.GroupBy(Name).OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            var first = family.First();
            var help = first.Instrument.Description ?? first.Instrument.Name;
            text.Append("# HELP ").Append(family.Key).Append(' ')
                .Append(help.Replace("\\", @"\\", StringComparison.Ordinal).ReplaceLineEndings(" ")).Append('\n');
            text.Append("# TYPE ").Append(family.Key).Append(' ').Append(first.Kind switch
            {
                SeriesKind.Counter => "counter",
                SeriesKind.Histogram => "histogram",
                _ => "gauge",
            }).Append('\n');
            foreach (var one in family.OrderBy(one => one.Labels, StringComparer.Ordinal))
            {
                Write(text, family.Key, one);
            }
        }

        return text.ToString();
    }

    /// <summary>Labels as they are written, without braces; empty for none.</summary>
    public static string Labels(
        IEnumerable<KeyValuePair<string, object?>>? common, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(',', (common ?? []).Concat(tags.ToArray())
            .Select(tag => $"{Word(tag.Key)}=\"{Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\""));

    private static void Write(StringBuilder text, string name, Series series)
    {
        if (series.Kind != SeriesKind.Histogram)
        {
            Line(text, name, series.Labels, Number(series.Value));
            return;
        }

        var bounds = Series.Bounds.Select(Number).Append("+Inf");
        foreach (var (bound, count) in bounds.Zip(series.UpTo))
        {
            var separator = series.Labels.Length > 0 ? "," : "";
            Line(text, $"{name}_bucket", $"{series.Labels}{separator}le=\"{bound}\"", Number(count));
        }

        Line(text, $"{name}_sum", series.Labels, Number(series.Value));
        Line(text, $"{name}_count", series.Labels, Number(series.Count));
    }

    private static void Line(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    // involute.step.duration in s is involute_step_duration_seconds; a counter ends with _total.
    private static string Name(Series series)
    {
        var unit = series.Instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        var name = Word(series.Instrument.Name);
        name = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return series.Kind == SeriesKind.Counter ? $"{name}_total" : name;
    }

    private static string Word(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static string Escape(string value) => value
        .Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
