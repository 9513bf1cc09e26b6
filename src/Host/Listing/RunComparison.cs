using System.Globalization;
using System.Text.Json;
using Involute.Host.Evaluation;
using Involute.Host.Output;
using Involute.Host.Reporting;

namespace Involute.Host.Listing;

/// <summary>One run beside others.</summary>
/// <param name="Run">Its name.</param>
/// <param name="End">Where on the axis it ends.</param>
/// <param name="AtCommon">Mean meta-loss over the last twentieth of the steps up to where all runs have come.</param>
/// <param name="AtEnd">The same at its end.</param>
/// <param name="Best">The lowest running mean up to where all runs have come.</param>
/// <param name="Difference">From the first run, at the common place; null of the first.</param>
/// <param name="Outcome">"better" or "worse" than the first run, or "unclear"; null of the first.</param>
/// <remarks>Names and order of the JSON properties are a promise to scripts.</remarks>
internal sealed record ComparedRun(
    string Run, double End, Statistic? AtCommon, Statistic? AtEnd, double? Best, Statistic? Difference, string? Outcome)
{
    // Consecutive steps are alike: the error of their mean comes from means of stretches of them.
    private const int Stretches = 10;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>As one JSON array on one line.</summary>
    public static string ToJson(IReadOnlyList<ComparedRun> runs) => JsonSerializer.Serialize(runs, Json);

    /// <summary>Compares runs at the last place of the axis that all have reached.</summary>
    public static (double Common, IReadOnlyList<ComparedRun> Runs) Of(IReadOnlyList<RunCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var common = curves.Min(curve => curve.X.Length > 0 ? curve.X[^1] : 0);
        var first = Upto(curves[0], common);
        return (common, [.. curves.Select((curve, i) => One(curve, common, i == 0 ? null : first))]);
    }

    /// <summary>For people: a table, or a paragraph for each run where that would be too wide.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="axis">What they are compared by.</param>
    /// <param name="common">Where.</param>
    /// <param name="width">Characters in a line; null for as many as there are, for a pipe.</param>
    public static IReadOnlyList<string> Lines(
        IReadOnlyList<ComparedRun> runs, string axis, double common, int? width = null)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var most = width ?? int.MaxValue;
        var table = TextTable.Lines(
            [
                ["run", "there", "at its end", "end", "best", "less the first", ""],
                .. runs.Select(run => (string[])
                [
                    run.Run, Text(run.AtCommon), run.EndText, Number(run.End, "G6"), run.BestText,
                    run.Difference is null ? "" : Text(run.Difference), run.Outcome ?? "",
                ]),
            ],
            1, 2, 3, 4, 5);
        return
        [
            .. FoldedText.Lines($"mean meta-loss at {axis} {Number(common, "G6")}, which all have reached", most),
            .. table.All(line => line.Length <= most)
                ? table
                : runs.SelectMany(run => FoldedText.Lines(run.Run, most).Concat(FoldedText.Lines(run.InWords, most, indent: 2))),
        ];
    }

    // A property of a record that is written as JSON: not public.
    private string EndText => Text(AtEnd is null ? null : AtEnd with { StandardError = null });

    private string BestText => Best is { } best ? Number(best, "G4") : "-";

    private string InWords => $"there {Text(AtCommon)}, at its end ({Number(End, "G6")}) {EndText}, best {BestText}"
        + (Difference is null ? "" : $"; less the first {Text(Difference)}: {Outcome}");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static ComparedRun One(RunCurve curve, double common, Statistic? first)
    {
        var upto = Upto(curve, common);
        var difference = first is null || upto is null
            ? null
            : new Statistic(upto.Mean - first.Mean, Together(upto.StandardError, first.StandardError));
        var count = Count(curve, common);
        return new ComparedRun(
            curve.Run,
            curve.X.Length > 0 ? curve.X[^1] : 0,
            upto,
            Upto(curve, double.PositiveInfinity),
            LossSummary.Of(curve.Loss[..count]).Best,
            difference,
            difference is null ? null : Comparison.OutcomeOf(difference, Stretches).ToString().ToLowerInvariant());
    }

    private static double? Together(double? one, double? other) =>
        one is { } a && other is { } b ? Math.Sqrt((a * a) + (b * b)) : null;

    private static int Count(RunCurve curve, double upto) => curve.X.Count(x => x <= upto);

    private static Statistic? Upto(RunCurve curve, double place)
    {
        var count = Count(curve, place);
        var last = curve.Loss[(count - Math.Min(count, RunningMean.Window(count)))..count];
        if (last.Length < 2 * Stretches)
        {
            return Statistic.Of(last);
        }

        var means = last.Chunk(last.Length / Stretches).Take(Stretches).Select(stretch => stretch.Average());
        return Statistic.Of([.. means]) is { } of ? of with { Mean = last.Average() } : null;
    }

    private static string Text(Statistic? value) => value switch
    {
        null => "-",
        { StandardError: { } error } => string.Create(CultureInfo.InvariantCulture, $"{value.Mean:G4} ± {error:G2}"),
        _ => value.Mean.ToString("G4", CultureInfo.InvariantCulture),
    };
}
