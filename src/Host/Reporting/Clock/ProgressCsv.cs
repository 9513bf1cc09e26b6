using System.Globalization;
using Involute.Host.Output;

namespace Involute.Host.Reporting.Clock;

/// <summary><c>progress.csv</c>: how a run goes by the clock. The columns are described in docs/metrics.md.</summary>
/// <remarks>
/// Beside metrics.csv and not in it: that file of a resumed run is, byte for byte, that of an uninterrupted one, and what
/// has a clock in it cannot be.
/// </remarks>
internal sealed class ProgressCsv : IDisposable
{
    /// <summary>The column of the time that learners have been at work.</summary>
    public const string ElapsedSeconds = "elapsed_seconds";

    /// <summary>The column of the tenth of the pairs with the lowest losses.</summary>
    public const string LowLoss = "pair_loss_p10";

    /// <summary>The column of the tenth of the pairs with the highest losses.</summary>
    public const string HighLoss = "pair_loss_p90";

    /// <summary>The header line.</summary>
    public const string Header =
        $"{MetricsCsv.OuterStep},time,{ElapsedSeconds},steps,outer_steps_per_second,inner_steps_per_second,"
        + $"total_inner_steps,{MetricsCsv.MeanMetaLoss},{LowLoss},{HighLoss},gradient_norm,update_norm,meta_learning_rate,"
        + "signal_to_noise,reset_fraction,diverged_fraction,nodes,threads,compute_seconds,waiting_seconds,waiting_share,"
        + "avg_staleness,max_staleness,discarded_answers,restarts";

    private const int ElapsedColumn = 2;

    private readonly StepCsv _csv;

    private ProgressCsv(StepCsv csv) => _csv = csv;

    /// <summary>Seconds that learners had been at work at the last row that the file has kept; null without a row.</summary>
    public double? Elapsed =>
        _csv.LastRow?.Split(',') is { Length: > ElapsedColumn } cells
        && double.TryParse(cells[ElapsedColumn], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    /// <summary>Opens the file; a resume removes the rows after the outer step from which it continues.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static ProgressCsv Open(string path, long resumeFrom, Action<string> warn) =>
        new(StepCsv.Open(path, Header, resumeFrom, RowRule.Clock, warn));

    /// <summary>Appends a row.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(ClockRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var sums = row.Sums;
        FormattableString[] parts =
        [
            $"{row.OuterStep},{TimeStamp.Precise(row.Time)},{row.ElapsedSeconds:F3},{sums.Steps},",
            $"{row.OuterStepsPerSecond:G6},{row.InnerStepsPerSecond:G6},{row.TotalInnerSteps},{sums.MeanLoss:G9},",
            $"{row.LowLoss:G6},{row.HighLoss:G6},{row.GradientNorm:G6},{row.UpdateNorm:G6},{row.MetaLearningRate:G6},",
            $"{row.SignalToNoise:G4},{sums.ResetFraction:G4},{sums.DivergedFraction:G4},{row.Nodes},{row.Threads},",
            $"{sums.ComputeSeconds:F3},{row.WaitingSeconds:F3},{row.WaitingShare:G4},0,0,{row.Discarded},{row.Restarts}\n",
        ];
        _csv.Append(string.Concat(parts.Select(part => part.ToString(CultureInfo.InvariantCulture))));
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();
}
