using System.Globalization;
using System.Text;
using Involute.Estimators;

namespace Involute.Host.Reporting;

/// <summary>
/// <c>pairs.csv</c>: what each of the first pairs did in each outer step, of a long run in stretches of them
/// (<see cref="RowRule.Stretches"/>); shows that they are out of lockstep.
/// </summary>
/// <remarks>Resumes as <see cref="MetricsCsv"/> does, and is as independent of clock and machine.</remarks>
internal sealed class PairsCsv : IDisposable
{
    /// <summary>Number of pairs that are written, from pair 0.</summary>
    public const int Pairs = 8;

    /// <summary>The header line.</summary>
    public const string Header = "outer_step,pair,inner_step_before,inner_step_after,mean_loss,resets";

    private readonly StepCsv _csv;

    private PairsCsv(StepCsv csv) => _csv = csv;

    /// <summary>Opens the file; a resume removes the rows after the outer step from which it continues.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static PairsCsv Open(string path, long resumeFrom, Action<string> warn) =>
        new(StepCsv.Open(path, Header, resumeFrom, RowRule.Stretches, warn));

    /// <summary>Appends the rows of an outer step, if it has any.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Append(OuterStepResult<float> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!_csv.Has(result.Version.Value))
        {
            return;
        }

        var rows = new StringBuilder();
        foreach (var report in result.Reports.Take(Pairs))
        {
            rows.Append(
                CultureInfo.InvariantCulture,
                $"{result.Version.Value},{report.Pair},{report.InnerStepBefore},{report.InnerStepAfter},"
                + $"{report.MeanLoss},{report.Resets}\n");
        }

        _csv.Append(rows.ToString());
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();
}
