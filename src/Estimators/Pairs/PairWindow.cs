using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>What has become of one pair's current window so far.</summary>
/// <param name="settings">How the losses of a window's steps become one number.</param>
/// <param name="tangents">Length of the loss's derivative: theta's, or 0 if the estimator needs none.</param>
internal sealed class PairWindow(WindowLoss settings, int tangents)
{
    private readonly List<SegmentRecord> _segments = [];
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
    private int Divisor => settings == WindowLoss.Mean && Steps > 0 ? Steps : 1;

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
        _segments.Add(new SegmentRecord(Noise!.Value, 0, TrajectoryEnded));
    }

    public void AddSegment(Segment segment, SegmentLoss loss, double weight, bool afterReset)
    {
        Remaining -= segment.Steps;
        Steps += segment.Steps;
        _lossSum += loss.Sum;
        _endedOnLastStep = false;
        var (delta, share) = settings != WindowLoss.Last ? (loss.Delta, weight * segment.Steps)
            : Remaining == 0 ? (loss.LastDelta, weight)
            : (0, 0);
        _segments.Add(new SegmentRecord(
            Noise!.Value, delta, afterReset, segment.FirstStep, loss.LastDelta, loss.MinDelta, share));
        if (loss.DivergedArms > 0)
        {
            DivergedArms = Math.Max(DivergedArms, loss.DivergedArms);
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

    /// <summary>The segments with their deltas divided by the window's divisor.</summary>
    public SegmentRecord[] Segments() =>
        [.. _segments.Select(record => record with { Delta = record.Delta / Divisor, Share = record.Share / Divisor })];

    /// <summary>The loss's derivative, divided likewise; call it once, at the window's end.</summary>
    public LossTangents Tangents()
    {
        for (var i = 0; i < _before.Length; i++)
        {
            _before[i] /= Divisor;
            _after[i] /= Divisor;
        }

        return new LossTangents(_before, _after);
    }

    public TrailAction TrailAction(ResetContract contract) =>
        !TrajectoryEnded ? Involute.Estimators.Noise.TrailAction.Keep
        : _endedOnLastStep && contract == ResetContract.Exact ? Involute.Estimators.Noise.TrailAction.Clear
        : Involute.Estimators.Noise.TrailAction.ReplaceByCurrent;
}
