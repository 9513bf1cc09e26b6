using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Host.Reporting.Clock;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;

namespace Involute.Host.Listing;

/// <summary>By what runs are compared.</summary>
internal enum CurveAxis
{
    /// <summary>Updates of theta.</summary>
    OuterStep,

    /// <summary>Inner training steps.</summary>
    InnerSteps,

    /// <summary>Seconds that learners were at work.</summary>
    WallTime,
}

/// <summary>The meta-loss of a run along an axis.</summary>
/// <param name="Run">Its name.</param>
/// <param name="X">Places on the axis, ascending.</param>
/// <param name="Loss">Mean meta-loss of the outer step there.</param>
internal sealed record RunCurve(string Run, double[] X, double[] Loss)
{
    /// <summary>Out of the tables of a run's folder.</summary>
    /// <exception cref="IOException">A table cannot be read.</exception>
    public static RunCurve OfTables(string run, string metrics, string progress, CurveAxis axis)
    {
        var table = CsvTable.Read(metrics);
        if (table.Rows == 0)
        {
            return new RunCurve(run, [], []);
        }

        var steps = table[MetricsCsv.OuterStep];
        double[] x = axis switch
        {
            CurveAxis.InnerSteps => table["total_inner_steps"],
            CurveAxis.WallTime => Times(CsvTable.Read(progress), steps),
            _ => steps,
        };
        return Of(run, x, table[MetricsCsv.MeanMetaLoss]);
    }

    /// <summary>Out of a ledger.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="records">Its store.</param>
    /// <param name="ledger">The ledger's name there.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="plan">The run's plan, which tells its inner steps; null if it is not known: a ledger has none.</param>
    public static RunCurve OfLedger(
        string run, IRunRecords records, string ledger, CurveAxis axis, TrainingPlan<float>? plan = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        var (x, loss) = (new List<double>(), new List<double>());
        var (seconds, epoch) = (0.0, 0L);
        DateTimeOffset? before = null;
        foreach (var row in records.Journal(ledger))
        {
            if (JournalEntry.Of(row).Event is not { } read)
            {
                continue;
            }

            if (read is RunForked)
            {
                // Its total began with what its parent had trained.
                plan = null;
            }

            // The time between two learners does not count.
            seconds += read.Epoch == epoch && row.Created - before is { } passed ? Math.Max(0, passed.TotalSeconds) : 0;
            (epoch, before) = (read.Epoch, row.Created);
            if (read is StepRecorded step)
            {
                x.Add(axis switch
                {
                    CurveAxis.WallTime => seconds,
                    _ => step.Step,
                });
                loss.Add(step.MeanLoss);
            }
        }

        return Of(run, axis == CurveAxis.InnerSteps ? InnerSteps(plan, x) : [.. x], [.. loss]);
    }

    private static double[] InnerSteps(TrainingPlan<float>? plan, List<double> steps)
    {
        if (plan is null || steps.Count == 0)
        {
            return [.. steps.Select(_ => double.NaN)];
        }

        var totals = InnerStepTotal.Each(plan, (int)steps.Max());
        return [.. steps.Select(step => (double)totals[(int)step])];
    }

    private static RunCurve Of(string run, double[] x, double[] loss)
    {
        int[] places = [.. Enumerable.Range(0, x.Length).Where(i => double.IsFinite(x[i]) && double.IsFinite(loss[i]))];
        return new RunCurve(run, [.. places.Select(i => x[i])], [.. places.Select(i => loss[i])]);
    }

    // On straight lines between the rows of progress.csv; NaN before the first and behind the last.
    private static double[] Times(CsvTable progress, double[] steps)
    {
        if (progress.Rows == 0)
        {
            return [.. steps.Select(_ => double.NaN)];
        }

        var (known, seconds) = (progress[MetricsCsv.OuterStep], progress[ProgressCsv.ElapsedSeconds]);
        return [.. steps.Select(At)];

        double At(double step)
        {
            var found = Array.BinarySearch(known, step);
            if (found >= 0)
            {
                return seconds[found];
            }

            var next = ~found;
            return next == 0 || next == known.Length
                ? double.NaN
                : seconds[next - 1] + ((step - known[next - 1]) / (known[next] - known[next - 1]) * (seconds[next] - seconds[next - 1]));
        }
    }
}
