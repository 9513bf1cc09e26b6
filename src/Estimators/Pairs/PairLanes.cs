using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>
/// The lanes of a block, with what the estimator needs of them: perturbed thetas, forks, derivatives.
/// </summary>
internal sealed class PairLanes<T> : IDisposable
    where T : struct, IFloatingPointIeee754<T>
{
    // Thetas of one call: enough for windows in which perturbations change often, and no matter for the machine.
    private const long MostThetaBytes = 32 << 20;

    private readonly TrainingPlan<T> _plan;
    private readonly ITangentUnroll<T>? _tangents;
    private readonly IWindowUnroll<T>? _windows;
    private readonly long _mostRows;
    private readonly IAdjointUnroll<T>? _adjoints;
    private readonly List<LossTerm> _terms = [];
    private readonly List<double[]> _sums = [];

    public PairLanes(TrainingPlan<T> plan, int pairs)
    {
        _plan = plan;
        var needs = plan.Estimator.Needs;
        if (needs.Tangents != TangentSpan.None && !plan.Problem.OffersTangents && plan.Problem.OffersAdjoints
            && !needs.CarriesTangents)
        {
            _adjoints = plan.Problem.CreateAdjointUnroll(pairs, needs.Arms);
        }
        else if (needs.Tangents != TangentSpan.None)
        {
            _tangents = plan.Problem.CreateTangentUnroll(pairs, needs.Arms);
        }

        Unroll = _adjoints ?? _tangents ?? plan.Problem.CreateUnroll(pairs, needs.Arms);
        _windows = Unroll as IWindowUnroll<T>;
        Count = needs.Arms.Count();
        _mostRows = Math.Max(2L * pairs, MostThetaBytes / ((long)Count * plan.ThetaLength * Unsafe.SizeOf<T>()));
    }

    public IUnroll<T> Unroll { get; }

    /// <summary>Lanes of one pair.</summary>
    public int Count { get; }

    /// <summary>
    /// Whether a call may take one more round of segments. Not behind one at whose end arms are measured, or where the
    /// unroll takes one round at a time.
    /// </summary>
    public bool TakesMore(UnrollCall call) =>
        _windows is not null && _plan.Estimator.Needs.EvaluationBatches == 0 && call.Rows + Unroll.Pairs <= _mostRows;

    /// <summary>Runs a call; the losses are valid until the slot's next one.</summary>
    public ReadOnlySpan<StepLoss> Advance(UnrollCall call, Theta<T> theta, ComputeSlot<T> slot)
    {
        var stride = Count * _plan.ThetaLength;
        var values = slot.Thetas(call.Rows * stride);
        foreach (var (row, noise) in call.Perturbations)
        {
            Perturb(values.Slice(row * stride, stride), row, noise, theta, slot);
        }

        var losses = slot.Losses(call.Losses);
        if (call.Segments.Length > 0)
        {
            Advance(call.Segments, Thetas(values), losses);
        }

        foreach (var (pair, trajectory, row) in call.LastResets)
        {
            Unroll.Reset(pair, trajectory, Thetas(values[((row - pair) * stride)..]));
        }

        return losses;
    }

    private void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<T> thetas, Span<StepLoss> losses)
    {
        if (_windows is not null)
        {
            _windows.Advance(segments, thetas, losses);
            return;
        }

        // One round: one segment of each pair, and each pair's thetas in its own row.
        var round = new Segment[segments.Length];
        for (var i = 0; i < round.Length; i++)
        {
            round[i] = segments[i].Segment;
            if (segments[i].Begins is { } trajectory)
            {
                Unroll.Reset(round[i].Pair, trajectory, thetas);
            }
        }

        Unroll.Advance(round, thetas, losses);
    }

    // Writes theta + ε, theta − ε and theta itself where the lanes of a pair read what they run under.
    private void Perturb(Span<T> lanes, int row, NoiseKey noise, Theta<T> theta, ComputeSlot<T> slot)
    {
        var arms = Unroll.Arms;
        var length = _plan.ThetaLength;
        if (arms != ArmSet.Antithetic)
        {
            theta.Values.CopyTo(lanes[(arms.IndexOf(Arm.Centre) * length)..]);
        }

        if (arms == ArmSet.CentreOnly)
        {
            return;
        }

        ElementSums.PlusMinus(
            theta.Values,
            slot.Perturbation(row, length).Of(_plan.Noise, noise, length),
            lanes.Slice(arms.IndexOf(Arm.Positive) * length, length),
            lanes.Slice(arms.IndexOf(Arm.Negative) * length, length));
    }

    /// <summary>What a window does first with a trajectory that is under way.</summary>
    public void Fork(int pair)
    {
        switch (_plan.Estimator.Needs.Carry)
        {
            case Carry.Centre:
                Unroll.ForkFromCentre(pair);
                break;
            case Carry.Positive:
                Unroll.ForkFromPositive(pair);
                break;
            default:
                break;
        }

        if (_plan.Estimator.Needs.Tangents == TangentSpan.Window)
        {
            _tangents?.Detach(pair);
        }
    }

    /// <summary>
    /// Adds the derivatives of a segment's losses to a sum, step by step, in double; where they are computed backwards,
    /// at the window's end (<see cref="EndWindow"/>).
    /// </summary>
    /// <param name="segment">The segment that has just run.</param>
    /// <param name="firstCounted">The first of its steps that counts.</param>
    /// <param name="weight">How much a step counts.</param>
    /// <param name="sum">As long as theta; empty where the estimator needs no derivatives.</param>
    public void AddTangents(Segment segment, int firstCounted, double weight, double[] sum)
    {
        if (_adjoints is not null)
        {
            if (!_sums.Contains(sum))
            {
                _sums.Add(sum);
            }

            _terms.Add(new LossTerm(segment, firstCounted, weight, _sums.IndexOf(sum)));
        }

        if (_tangents is null)
        {
            return;
        }

        for (var step = firstCounted; step < segment.Steps; step++)
        {
            var tangent = _tangents.LossTangents.Slice(((segment.LossOffset / Count) + step) * sum.Length, sum.Length);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += weight * double.CreateTruncating(tangent[i]);
            }
        }
    }

    /// <summary>What the end of the window of all pairs brings: derivatives that are computed backwards.</summary>
    public void EndWindow()
    {
        if (_adjoints is null)
        {
            return;
        }

        var length = _plan.ThetaLength;
        var sums = new double[_sums.Count * length];
        _adjoints.Differentiate(CollectionsMarshal.AsSpan(_terms), sums);
        for (var i = 0; i < _sums.Count; i++)
        {
            sums.AsSpan(i * length, length).CopyTo(_sums[i]);
        }

        _terms.Clear();
        _sums.Clear();
    }

    /// <summary>
    /// Difference of the arms on batches that no training step has seen, in the state that a trajectory has ended in:
    /// they are numbered from its horizon on.
    /// </summary>
    public double EvaluatedDelta(Segment segment, double weight, ComputeSlot<T> slot)
    {
        var batches = _plan.Estimator.Needs.EvaluationBatches;
        if (batches == 0)
        {
            return 0;
        }

        var split = _plan.Windows.LossTime.Split ?? DataSplit.Train;
        var key = new EvaluationKey(segment.Key, split, segment.FirstStep + segment.Steps, batches);
        Span<StepLoss> losses = stackalloc StepLoss[Count];
        Unroll.Evaluate(
            segment.Pair, Thetas(slot.Thetas(Unroll.Pairs * Count * _plan.ThetaLength)), key, losses);
        return SegmentSum.Difference(_plan.Problem, Unroll.Arms, losses, weight);
    }

    public void Dispose() => Unroll.Dispose();

    private ArmThetas<T> Thetas(ReadOnlySpan<T> values) => new(values, Count, _plan.ThetaLength);
}
