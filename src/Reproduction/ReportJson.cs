using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Involute.Reproduction.Parameters;

namespace Involute.Reproduction;

/// <summary>A report for scripts.</summary>
/// <remarks>
/// {"experiment", "parameters": {…}, "results": [{"name", "value", "standardError", …}]}. The first configuration's
/// results have plain names, those of the others end in [settings]. A value that is not a finite number is null.
/// </remarks>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions OneLine =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>On one line.</summary>
    public static string Line(Report report) => Of(report).ToJsonString(OneLine);

    /// <summary>Several reports as one object.</summary>
    public static string Line(IEnumerable<Report> reports) => new JsonObject
    {
        ["experiment"] = "all",
        ["parameters"] = new JsonObject(),
        ["results"] = new JsonArray([.. reports.SelectMany(report => Results(report, $"{report.Experiment.Name}: "))]),
    }.ToJsonString(OneLine);

    /// <summary>For a file.</summary>
    public static string Document(Report report) => Of(report).ToJsonString(Indented) + "\n";

    private static JsonObject Of(Report report) => new()
    {
        ["experiment"] = report.Experiment.Name,
        ["parameters"] = new JsonObject(report.Parameters.All.Select(p => KeyValuePair.Create(p.Key, Node(p.Value)))),
        ["results"] = new JsonArray([.. Results(report, "")]),
    };

    private static IEnumerable<JsonNode?> Results(Report report, string prefix)
    {
        foreach (var (_, name, quantity) in report.Rows())
        {
            var result = new JsonObject
            {
                ["name"] = prefix + name,
                ["value"] = Finite(quantity.Value),
                ["standardError"] = quantity.StandardError is { } error ? Finite(error) : null,
            };
            if (quantity.Expected is { } expected)
            {
                result["expected"] = expected.Text;
                result["tolerance"] = expected.Tolerance;
                result["inside"] = quantity.IsInside;
            }

            yield return result;
        }
    }

    private static JsonNode? Node(object value) => value switch
    {
        double[] numbers => new JsonArray([.. numbers.Select(number => (JsonNode)number)]),
        HorizonTable { IsConstant: true } table => table.Entries[0].Horizon,
        double number => number,
        long number => number,
        bool flag => flag,
        _ => value.ToString(),
    };

    private static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;
}
