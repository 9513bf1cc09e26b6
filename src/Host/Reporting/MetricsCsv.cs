using System.Globalization;
using System.Text;
using Involute.Estimators;
using Involute.Estimators.Plans;
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
    private static readonly string[] FixedColumns =
    [
        "outer_step", "mean_meta_loss", "gradient_norm", "inner_steps", "total_inner_steps", "resets", "diverged_arms",
    ];

    private const int TotalInnerStepsColumn = 4;

    private readonly StepCsv _csv;
    private readonly ThetaLayout _layout;
    private long _totalInnerSteps;

    private MetricsCsv(StepCsv csv, ThetaLayout layout, long totalInnerSteps) =>
        (_csv, _layout, _totalInnerSteps) = (csv, layout, totalInnerSteps);

    /// <summary>Inner training steps since the run's start.</summary>
    public long TotalInnerSteps => _totalInnerSteps;

    /// <summary>The last outer step that the file held when it was opened.</summary>
    public long LastStep => _csv.LastStep;

    /// <summary>Opens the file; a resume removes the rows after the outer step from which it continues.</summary>
    /// <param name="path">The file; created when missing.</param>
    /// <param name="plan">The run's plan, which decides the columns, and how many inner steps are done.</param>
    /// <param name="resumeFrom">Outer steps that are done; 0 for a new run.</param>
    /// <param name="warn">Is told in one line if the file is not as it was left.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static MetricsCsv Open(string path, TrainingPlan<float> plan, long resumeFrom, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var layout = plan.Problem.Layout;

        // Where the total is known from the row before, that row must be there.
        var isCertain = InnerStepTotal.IsCertain(plan);
        var csv = OpenRows(path, layout, resumeFrom, isCertain ? RowRule.Single : RowRule.All, warn);
        var total = !isCertain && csv.LastStep == resumeFrom && Total(csv.LastRow) is { } written
            ? written
            : InnerStepTotal.Of(plan, resumeFrom);
        return new MetricsCsv(csv, layout, total);
    }

    /// <summary>Opens the file of a new run.</summary>
    public static MetricsCsv Open(string path, ThetaLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new MetricsCsv(OpenRows(path, layout, 0, RowRule.Single, _ => { }), layout, 0);
    }

    /// <summary>The columns, in order.</summary>
    public static IReadOnlyList<string> Columns(ThetaLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return [.. FixedColumns, .. layout.Slices.Select(ThetaColumn)];
    }

    /// <summary>The column of a tensor: its value if it is a scalar, else the mean of its absolute values.</summary>
    public static string ThetaColumn(TensorSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);

        // The task's author chooses the names; a comma or a line end in one would shift every column after it.
        var name = string.Concat(slice.Name.Select(c => c is ',' or '"' || char.IsControl(c) ? '_' : c));
        return slice.Length == 1 ? $"theta/{name}" : $"theta_mean_abs/{name}";
    }

    /// <summary>Appends the row of an outer step, if it has one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(OuterStepResult<float> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _totalInnerSteps += result.InnerSteps;
        if (!_csv.Has(result.Version.Value))
        {
            return;
        }

        var row = new StringBuilder();
        row.Append(
            CultureInfo.InvariantCulture,
            $"{result.Version.Value},{result.MeanLoss},{result.GradientNorm},{result.InnerSteps},{_totalInnerSteps}");
        row.Append(
            CultureInfo.InvariantCulture,
            $",{result.Reports.Sum(report => report.Resets)},{result.Reports.Sum(report => report.DivergedArms)}");
        foreach (var slice in _layout.Slices)
        {
            var values = result.State.Theta.Values.Slice(slice.Offset, slice.Length);
            if (slice.Length == 1)
            {
                row.Append(CultureInfo.InvariantCulture, $",{values[0]}");
            }
            else
            {
                row.Append(CultureInfo.InvariantCulture, $",{MeanAbsolute(values)}");
            }
        }

        _csv.Append(row.Append('\n').ToString());
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();

    private static StepCsv OpenRows(
        string path, ThetaLayout layout, long resumeFrom, RowRule rule, Action<string> warn) =>
        StepCsv.Open(path, string.Join(',', Columns(layout)), resumeFrom, rule, warn);

    private static long? Total(string? row) =>
        long.TryParse(
            row?.Split(',')[TotalInnerStepsColumn], NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            ? total
            : null;

    private static double MeanAbsolute(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += Math.Abs((double)value);
        }

        return sum / values.Length;
    }
}
