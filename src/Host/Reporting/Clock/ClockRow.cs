namespace Involute.Host.Reporting.Clock;

/// <summary>A stretch of outer steps by the clock: what progress.csv and TensorBoard show of it.</summary>
/// <param name="OuterStep">Its last outer step.</param>
/// <param name="Time">The end of that step.</param>
/// <param name="ElapsedSeconds">Time that learners have been at work since the run's start.</param>
/// <param name="Seconds">Time of the stretch.</param>
/// <param name="Sums">What its steps did.</param>
/// <param name="TotalInnerSteps">Inner steps since the run's start.</param>
internal sealed record ClockRow(
    long OuterStep, DateTimeOffset Time, double ElapsedSeconds, double Seconds, StepTotals Sums, long TotalInnerSteps)
{
    /// <summary>Of the last step: a tenth of the pairs have a mean loss up to this.</summary>
    public double LowLoss { get; init; } = double.NaN;

    /// <summary>Of the last step: nine tenths of the pairs have a mean loss up to this.</summary>
    public double HighLoss { get; init; } = double.NaN;

    /// <summary>Of the last step: Euclidean norm of the mean gradient.</summary>
    public double GradientNorm { get; init; } = double.NaN;

    /// <summary>Of the last step: Euclidean norm of what was added to theta.</summary>
    public double UpdateNorm { get; init; } = double.NaN;

    /// <summary>Of the last step.</summary>
    public double MetaLearningRate { get; init; } = double.NaN;

    /// <summary>Of the last step: see <see cref="Clock.SignalToNoise"/>.</summary>
    public double SignalToNoise { get; init; } = double.NaN;

    /// <summary>Pairs of the run.</summary>
    public int Pairs { get; init; }

    /// <summary>Nodes that have computed a part of the last step.</summary>
    public int Nodes { get; init; }

    /// <summary>Windows that all nodes can compute at once.</summary>
    public int Threads { get; init; }

    /// <summary>Answers that came twice or too late, since this learner began.</summary>
    public long Discarded { get; init; }

    /// <summary>Blocks that were started again after a failure, since this learner began.</summary>
    public long Restarts { get; init; }

    /// <summary>Outer steps per second of the stretch.</summary>
    public double OuterStepsPerSecond => Seconds > 0 ? Sums.Steps / Seconds : double.NaN;

    /// <summary>Inner steps per second of the stretch.</summary>
    public double InnerStepsPerSecond => Seconds > 0 ? Sums.InnerSteps / Seconds : double.NaN;

    /// <summary>Time of all threads in which none of them computed: they waited for a pair, the network or the learner.</summary>
    public double WaitingSeconds => Math.Max(0, (Threads * Seconds) - Sums.ComputeSeconds);

    /// <summary>The same as a share of the threads' time.</summary>
    public double WaitingShare => Threads * Seconds > 0 ? WaitingSeconds / (Threads * Seconds) : double.NaN;
}
