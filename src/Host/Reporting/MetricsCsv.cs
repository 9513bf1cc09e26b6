using System.Globalization;
using System.Text;
using Involute.Estimators;
using Involute.Tasks;

namespace Involute.Host.Reporting;

/// <summary>
/// <c>metrics.csv</c>: one row per outer step, of a long run one of several (<see cref="RowRule.Single"/>). The columns are
/// described in docs/metrics.md.
/// </summary>
/// <remarks>
/// Holds nothing that depends on the clock or on the machine, so the file of a resumed run is, byte for byte, that of
/// an uninterrupted one.
/// </remarks>
internal sealed class MetricsCsv : IDisposable
{
    /// <summary>The column of outer steps.</summary>
    public const string OuterStep = "outer_step";

    /// <summary>The column of losses.</summary>
    public const string MeanMetaLoss = "mean_meta_loss";

    private static readonly string[] FixedColumns =
    [
        OuterStep, MeanMetaLoss, "gradient_norm", "inner_steps", "total_inner_steps", "resets", "diverged_arms",
    ];

    private readonly StepCsv _csv;
    private readonly IReadOnlyList<ThetaColumns> _theta;

    private MetricsCsv(StepCsv csv, IReadOnlyList<ThetaColumns> theta) => (_csv, _theta) = (csv, theta);

    /// <summary>The last outer step that the file held when it was opened.</summary>
    public long LastStep => _csv.LastStep;

    /// <summary>Opens the file; a resume removes the rows after the outer step from which it continues.</summary>
    /// <param name="path">The file; created when missing.</param>
    /// <param name="layout">The shape of theta, which decides the columns.</param>
    /// <param name="resumeFrom">Outer steps that are done; 0 for a new run.</param>
    /// <param name="warn">Is told in one line if the file is not as it was left.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static MetricsCsv Open(string path, ThetaLayout layout, long resumeFrom, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var theta = ColumnsFor(path, layout, resumeFrom);
        return new MetricsCsv(
            StepCsv.Open(path, string.Join(',', Columns(theta)), resumeFrom, RowRule.Single, warn), theta);
    }

    /// <summary>The columns, in order.</summary>
    public static IReadOnlyList<string> Columns(ThetaLayout layout) => Columns(ThetaColumns.Of(layout));

    /// <summary>Appends the row of an outer step, if it has one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(OuterStepResult<float> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!_csv.Has(result.Version.Value))
        {
            return;
        }

        var row = new StringBuilder();
        row.Append(
            CultureInfo.InvariantCulture,
            $"{result.Version.Value},{result.MeanLoss},{result.GradientNorm},{result.InnerSteps},{result.State.InnerSteps}");
        row.Append(
            CultureInfo.InvariantCulture,
            $",{result.Reports.Sum(report => report.Resets)},{result.Reports.Sum(report => report.DivergedArms)}");
        foreach (var columns in _theta)
        {
            columns.Append(row, result.State.Theta.Values);
        }

        _csv.Append(row.Append('\n').ToString());
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();

    private static IReadOnlyList<string> Columns(IReadOnlyList<ThetaColumns> theta) =>
        [.. FixedColumns, .. theta.SelectMany(columns => columns.Names)];

    // A run that an earlier version began goes on with the columns that it has.
    private static IReadOnlyList<ThetaColumns> ColumnsFor(string path, ThetaLayout layout, long resumeFrom)
    {
        var earlier = ThetaColumns.OfEarlierVersions(layout);
        return resumeFrom > 0 && StepCsvRows.BeginsWith(path, string.Join(',', Columns(earlier)))
            ? earlier
            : ThetaColumns.Of(layout);
    }
}
