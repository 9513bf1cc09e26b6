using System.Text.Json.Nodes;
using Involute.Host.Reporting;
using Involute.Host.Reporting.Plots;

namespace Involute.Host.Watching;

/// <summary>Which columns of <c>metrics.csv</c> a page shows: of theta as much as a person can look at, in natural units.</summary>
internal static class ThetaCurves
{
    private const int MostTensors = 12;
    private const int MostMeans = 16;

    private static readonly string[] Always = [MetricsCsv.MeanMetaLoss, "gradient_norm", "total_inner_steps"];

    /// <summary>The columns.</summary>
    public static IReadOnlyList<CurveColumn> OfMetrics(IReadOnlyList<string> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var tensors = header.Where(name => HyperParameter.OfColumn(name) is not null).Select(Tensor).Distinct()
            .Take(MostTensors).ToHashSet();
        var means = header.Where(IsMean).Take(MostMeans).ToHashSet();
        return
        [
            .. CurveColumn.Of(header, [.. Always], MetricsCsv.MeanMetaLoss, "gradient_norm"),
            .. Enumerable.Range(1, Math.Max(0, header.Count - 1)).Where(place => means.Contains(header[place]))
                .Select(place => new CurveColumn(place, header[place], value => value)),
            .. Enumerable.Range(1, Math.Max(0, header.Count - 1))
                .Where(place => HyperParameter.OfColumn(header[place]) is not null && tensors.Contains(Tensor(header[place])))
                .Select(place => new CurveColumn(place, header[place], HyperParameter.OfColumn(header[place])!.Value)),
        ];
    }

    /// <summary>What the columns of theta are called: an array with an object for each.</summary>
    public static JsonArray Names(IReadOnlyList<CurveColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return
        [
            .. columns.Where(column => IsMean(column.Name)).Select(column => new JsonObject
            {
                ["column"] = column.Name,
                ["mean"] = column.Name[ThetaColumns.MeanAbsolute.Length..],
            }),
            .. columns.Where(column => HyperParameter.OfColumn(column.Name) is not null).Select(column => new JsonObject
            {
                ["column"] = column.Name,
                ["tensor"] = HyperParameter.OfColumn(column.Name)!.Name,
                ["element"] = ThetaColumns.ElementOf(column.Name)?.Element,
            }),
        ];
    }

    private static bool IsMean(string name) => name.StartsWith(ThetaColumns.MeanAbsolute, StringComparison.Ordinal);

    private static string Tensor(string column) => ThetaColumns.ElementOf(column)?.Vector ?? column;
}
