using System.Runtime.InteropServices;
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
    private SegmentRecord[] _records = [];
    private double _lossSum;
    private bool _endedOnLastStep;

    public int Remaining { get; private set; }

    public int Steps { get; private set; }

    public int Resets { get; private set; }

    public int DivergedArms { get; private set; }

    public uint? DivergedTrajectory { get; private set; }

    /// <summary>The perturbation of the segment that was planned last; null before the first.</summary>
    public NoiseKey? Noise { get; private set; }

    /// <summary>Where the thetas that were made with it stand; see <see cref="UnrollCall"/>.</summary>
    public int Row { get; private set; }

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

    /// <summary>From here on the pair runs under another perturbation, or under thetas that stand elsewhere.</summary>
    public void Perturb(NoiseKey noise, int row) => (Noise, Row) = (noise, row);

    /// <summary>The thetas are no longer there: the next segment needs them anew.</summary>
    public void ForgetThetas() => (Noise, Row) = (null, 0);

    /// <summary>A step that trains nothing (upstream contract).</summary>
    public void SpendStepOnReset()
    {
        Remaining--;
        _endedOnLastStep = false;
        _segments.Add((Noise!.Value, 0, TrajectoryEnded, default));
    }

    /// <summary>Takes a segment's steps out of those that remain. Its sum follows when it has run.</summary>
    /// <returns>
    /// Which of the window's segments it is, and the index of the first of its steps that counts; all steps behind it
    /// count too. With <c>window-loss = last</c> only the window's last step counts: of an earlier segment none does,
    /// and the index is <paramref name="steps"/>. Losses and derivatives both follow this rule.
    /// </returns>
    public (int Index, int FirstCounted) Plan(int firstStep, int steps, bool afterReset)
    {
        Remaining -= steps;
        Steps += steps;
        _endedOnLastStep = false;
        _segments.Add((Noise!.Value, firstStep, afterReset, default));
        return (_segments.Count - 1, rule != WindowLoss.Last ? 0 : Remaining == 0 ? steps - 1 : steps);
    }

    /// <summary>Records what a planned segment has measured. In the order in which they were planned.</summary>
    public void Record(int index, Segment segment, SegmentSum sum)
    {
        CollectionsMarshal.AsSpan(_segments)[index].Sum = sum;
        _lossSum += sum.Loss;
        if (sum.DivergedArms > 0)
        {
            DivergedArms = Math.Max(DivergedArms, sum.DivergedArms);
            DivergedTrajectory ??= segment.Key.Trajectory;
        }
    }

    /// <summary>
    /// Where the derivative of a segment's loss is summed; see <see cref="WindowFold{T}.Tangents"/>.
    /// </summary>
    public double[] TangentSum(int index) => _segments[index].AfterReset ? _after : _before;

    public void EndTrajectory()
    {
        Resets++;
        _endedOnLastStep = Remaining == 0;
    }

    /// <summary>The segments of the finished window: their sums, divided by the window's divisor.</summary>
    /// <remarks>Valid until the next window's end.</remarks>
    public ReadOnlySpan<SegmentRecord> Segments()
    {
        if (_records.Length < _segments.Count)
        {
            _records = new SegmentRecord[_segments.Capacity];
        }

        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            _records[i] = new SegmentRecord(
                segment.Noise,
                segment.Sum.Delta / Divisor,
                segment.AfterReset,
                segment.FirstStep,
                segment.Sum.LastDelta,
                segment.Sum.MinDelta,
                segment.Sum.Share / Divisor);
        }

        return _records.AsSpan(0, _segments.Count);
    }

    /// <summary>The derivative of the finished window's loss, divided likewise.</summary>
    public LossTangents Tangents() => new(Divided(_before), Divided(_after));

    public TrailAction TrailAction(ResetContract contract) =>
        !TrajectoryEnded ? Involute.Estimators.Noise.TrailAction.Keep
        : _endedOnLastStep && contract == ResetContract.Exact ? Involute.Estimators.Noise.TrailAction.Clear
        : Involute.Estimators.Noise.TrailAction.ReplaceByCurrent;

    private double[] Divided(double[] sums) => sums.Length == 0 ? sums : Array.ConvertAll(sums, sum => sum / Divisor);
}

/// <summary>
/// What the losses of one segment add up to: normalised, in double, in the order of the steps. These are raw sums: the
/// window divides them once, at its end, when it makes a <see cref="SegmentRecord"/> of them.
/// </summary>
/// <param name="Delta">Σ weight · (positive − negative) over the steps that count.</param>
/// <param name="Share">Σ weight over the steps that count: <paramref name="Delta"/> if every difference were 1.</param>
/// <param name="LastDelta">weight · (positive − negative) of the last step.</param>
/// <param name="MinDelta">weight · (lowest positive − lowest negative) over all steps.</param>
/// <param name="Loss">Σ of the mean of both arms over all steps, unweighted.</param>
/// <param name="DivergedArms">Arms that were frozen at the segment's end.</param>
internal readonly record struct SegmentSum(
    double Delta, double Share, double LastDelta, double MinDelta, double Loss, int DivergedArms)
{
    /// <summary>Of a segment's losses, step by step; a pair with one lane counts as two equal arms.</summary>
    /// <param name="problem">Normalises the losses.</param>
    /// <param name="arms">The lanes of the pair.</param>
    /// <param name="losses">Of all steps and lanes.</param>
    /// <param name="weight">How much a step counts: 1, or E[H] / H.</param>
    /// <param name="firstCounted">The first step that counts; see <see cref="PairWindow.Plan"/>.</param>
    /// <param name="normalised">Scratch for as many numbers as losses.</param>
    public static SegmentSum Of<T>(
        IInnerProblem<T> problem, ArmSet arms, ReadOnlySpan<StepLoss> losses, double weight, int firstCounted,
        Span<double> normalised)
    {
        var count = arms.Count();
        var (positive, negative) = Lanes(arms);
        var steps = losses.Length / count;
        var delta = 0.0;
        var last = 0.0;
        var sum = 0.0;
        var lowestPositive = double.PositiveInfinity;
        var lowestNegative = double.PositiveInfinity;
        problem.Normalize(losses, normalised);
        for (var step = 0; step < steps; step++)
        {
            var plus = normalised[(step * count) + positive];
            var minus = normalised[(step * count) + negative];
            sum += (plus + minus) / 2;
            last = weight * (plus - minus);
            delta += step >= firstCounted ? last : 0;
            lowestPositive = Math.Min(lowestPositive, plus);
            lowestNegative = Math.Min(lowestNegative, minus);
        }

        var final = losses[^count..];
        var diverged = (final[positive].Diverged ? 1 : 0) + (final[negative].Diverged && negative != positive ? 1 : 0);
        return new SegmentSum(
            delta, weight * (steps - firstCounted), last, weight * (lowestPositive - lowestNegative), sum, diverged);
    }

    /// <summary>weight · (positive − negative) of losses that were measured once.</summary>
    public static double Difference<T>(
        IInnerProblem<T> problem, ArmSet arms, ReadOnlySpan<StepLoss> losses, double weight)
    {
        var (positive, negative) = Lanes(arms);
        return weight * (Value(problem, losses[positive]) - Value(problem, losses[negative]));
    }

    private static (int Positive, int Negative) Lanes(ArmSet arms) => arms == ArmSet.CentreOnly
        ? (arms.IndexOf(Arm.Centre), arms.IndexOf(Arm.Centre))
        : (arms.IndexOf(Arm.Positive), arms.IndexOf(Arm.Negative));

    // A diverged arm reports the worst value of the scale, so that theta is moved away from where it diverges.
    private static double Value<T>(IInnerProblem<T> problem, StepLoss loss) =>
        loss.Diverged ? problem.CeilingLoss : problem.Normalize(loss.Loss);
}
