using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>What has become of one pair's current window so far.</summary>
internal sealed class PairWindow
{
    private readonly List<SegmentRecord> _segments = [];
    private double _lossSum;
    private bool _endedOnLastStep;

    public int Remaining { get; private set; }

    public int Steps { get; private set; }

    public int Resets { get; private set; }

    public int DivergedArms { get; private set; }

    public uint? DivergedTrajectory { get; private set; }

    /// <summary>The perturbation that the pair's thetas were made with; null before the first segment.</summary>
    public NoiseKey? Noise { get; set; }

    public bool TrajectoryEnded => Resets > 0;

    public double MeanLoss => Steps > 0 ? _lossSum / Steps : double.NaN;

    public void Begin(int steps)
    {
        _segments.Clear();
        _lossSum = 0;
        _endedOnLastStep = false;
        Remaining = steps;
        Steps = 0;
        Resets = 0;
        DivergedArms = 0;
        DivergedTrajectory = null;
        Noise = null;
    }

    /// <summary>A step that trains nothing (upstream contract).</summary>
    public void SpendStepOnReset(NoiseKey noise)
    {
        Remaining--;
        _endedOnLastStep = false;
        _segments.Add(new SegmentRecord(noise, 0, TrajectoryEnded));
    }

    public void AddSegment(NoiseKey noise, Segment segment, SegmentLoss loss, bool afterReset)
    {
        Remaining -= segment.Steps;
        Steps += segment.Steps;
        _lossSum += loss.Sum;
        _endedOnLastStep = false;
        _segments.Add(new SegmentRecord(noise, loss.Delta, afterReset));
        if (loss.DivergedArms > 0)
        {
            DivergedArms = Math.Max(DivergedArms, loss.DivergedArms);
            DivergedTrajectory ??= segment.Key.Trajectory;
        }
    }

    public void EndTrajectory()
    {
        Resets++;
        _endedOnLastStep = Remaining == 0;
    }

    /// <summary>The segments with their deltas divided by the window's divisor.</summary>
    public SegmentRecord[] Segments(WindowLoss windowLoss)
    {
        // A window of which no step trained (upstream contract, length 1, on a reset) contributes nothing.
        var divisor = windowLoss == WindowLoss.Mean && Steps > 0 ? Steps : 1;
        return [.. _segments.Select(segment => segment with { Delta = segment.Delta / divisor })];
    }

    public TrailAction TrailAction(ResetContract contract) =>
        !TrajectoryEnded ? Involute.Estimators.Noise.TrailAction.Keep
        : _endedOnLastStep && contract == ResetContract.Exact ? Involute.Estimators.Noise.TrailAction.Clear
        : Involute.Estimators.Noise.TrailAction.ReplaceByCurrent;
}
