using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>What has become of one pair's current window so far.</summary>
/// <param name="rule">How the losses of a window's steps become one number.</param>
/// <param name="tangents">Length of the loss's derivative: theta's, or 0 if the estimator needs none.</param>
internal sealed class PairWindow(WindowLoss rule, int tangents)
{
    private readonly List<(NoiseKey Noise, int FirstStep, bool AfterReset, SegmentSum Sum)> _segments = [];
    private readonly double[] _before = new double[tangents];
    private readonly double[] _after = new double[tangents];
    private double _lossSum;
    private bool _endedOnLastStep;

    public int Remaining { get; private set; }

    public int Steps { get; private set; }

    public int Resets { get; private set; }

    public int DivergedArms { get; private set; }

    public uint? DivergedTrajectory { get; private set; }

    /// <summary>The perturbation that the pair's thetas were made with; null before the first segment.</summary>
    public NoiseKey? Noise { get; set; }

    /// <summary>Difference of the arms' losses on fresh batches at the last trajectory's end.</summary>
    public double EvaluatedDelta { get; set; }

    public bool TrajectoryEnded => Resets > 0;

    public double MeanLoss => Steps > 0 ? _lossSum / Steps : double.NaN;

    // A window of which no step trained (upstream contract, length 1, on a reset) contributes nothing.
    private int Divisor => rule == WindowLoss.Mean && Steps > 0 ? Steps : 1;

    public void Begin(int steps)
    {
        _segments.Clear();
        Array.Clear(_before);
        Array.Clear(_after);
        _lossSum = 0;
        _endedOnLastStep = false;
        Remaining = steps;
        Steps = 0;
        Resets = 0;
        DivergedArms = 0;
        DivergedTrajectory = null;
        Noise = null;
        EvaluatedDelta = 0;
    }

    /// <summary>A step that trains nothing (upstream contract).</summary>
    public void SpendStepOnReset()
    {
        Remaining--;
        _endedOnLastStep = false;
        _segments.Add((Noise!.Value, 0, TrajectoryEnded, default));
    }

    /// <summary>Takes a segment's steps out of those that remain.</summary>
    /// <returns>
    /// Index of the first of them that counts; all steps behind it count too. With <c>window-loss = last</c> only the
    /// window's last step counts: of an earlier segment none does, and the index is <paramref name="steps"/>. Losses and
    /// derivatives both follow this rule.
    /// </returns>
    public int Take(int steps)
    {
        Remaining -= steps;
        Steps += steps;
        return rule != WindowLoss.Last ? 0 : Remaining == 0 ? steps - 1 : steps;
    }

    /// <summary>Adds a segment whose steps were taken.</summary>
    public void Add(Segment segment, SegmentSum sum, bool afterReset)
    {
        _lossSum += sum.Loss;
        _endedOnLastStep = false;
        _segments.Add((Noise!.Value, segment.FirstStep, afterReset, sum));
        if (sum.DivergedArms > 0)
        {
            DivergedArms = Math.Max(DivergedArms, sum.DivergedArms);
            DivergedTrajectory ??= segment.Key.Trajectory;
        }
    }

    /// <summary>Where the derivative of the last segment's loss is summed; see <see cref="WindowFold{T}.Tangents"/>.</summary>
    public Span<double> TangentSum() => _segments[^1].AfterReset ? _after : _before;

    public void EndTrajectory()
    {
        Resets++;
        _endedOnLastStep = Remaining == 0;
    }

    /// <summary>The segments of the finished window: their sums, divided by the window's divisor.</summary>
    public SegmentRecord[] Segments() => [.. _segments.Select(segment => new SegmentRecord(
        segment.Noise,
        segment.Sum.Delta / Divisor,
        segment.AfterReset,
        segment.FirstStep,
        segment.Sum.LastDelta,
        segment.Sum.MinDelta,
        segment.Sum.Share / Divisor))];

    /// <summary>The derivative of the finished window's loss, divided likewise.</summary>
    public LossTangents Tangents() => new(Divided(_before), Divided(_after));

    public TrailAction TrailAction(ResetContract contract) =>
        !TrajectoryEnded ? Involute.Estimators.Noise.TrailAction.Keep
        : _endedOnLastStep && contract == ResetContract.Exact ? Involute.Estimators.Noise.TrailAction.Clear
        : Involute.Estimators.Noise.TrailAction.ReplaceByCurrent;

    private double[] Divided(double[] sums) => Array.ConvertAll(sums, sum => sum / Divisor);
}
