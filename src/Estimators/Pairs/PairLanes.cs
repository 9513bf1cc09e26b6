using System.Numerics;
using System.Runtime.InteropServices;
using Involute.Estimators.Estimation;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>The lanes of a block, with what the estimator needs of them: perturbed thetas, forks, derivatives.</summary>
internal sealed class PairLanes<T> : IDisposable
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly TrainingPlan<T> _plan;
    private readonly ITangentUnroll<T>? _tangents;
    private readonly PairThetas<T> _thetas;

    public PairLanes(TrainingPlan<T> plan, int pairs)
    {
        _plan = plan;
        var needs = plan.Estimator.Needs;
        _tangents = needs.Tangents == TangentSpan.None ? null : plan.Problem.CreateTangentUnroll(pairs, needs.Arms);
        Unroll = _tangents ?? plan.Problem.CreateUnroll(pairs, needs.Arms);
        Count = needs.Arms.Count();
        _thetas = new PairThetas<T>(plan, pairs, needs.Arms);
    }

    public IUnroll<T> Unroll { get; }

    /// <summary>Lanes of one pair.</summary>
    public int Count { get; }

    /// <summary>Runs a round of segments; the losses are valid until the slot's next round.</summary>
    public ReadOnlySpan<StepLoss> Advance(List<Segment> segments, ComputeSlot<T> slot)
    {
        var losses = slot.Losses(segments[^1].LossOffset + (segments[^1].Steps * Count));
        Unroll.Advance(CollectionsMarshal.AsSpan(segments), _thetas.View(slot), losses);
        return losses;
    }

    public void Perturb(int pair, NoiseKey noise, Theta<T> theta, ComputeSlot<T> slot) =>
        _thetas.Set(pair, noise, theta, slot);

    public void Reset(int pair, Trajectory trajectory, ComputeSlot<T> slot) =>
        Unroll.Reset(pair, trajectory, _thetas.View(slot));

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
            _tangents!.Detach(pair);
        }
    }

    /// <summary>Adds the derivative of a segment's loss, step by step, in double.</summary>
    public void AddTangents(Segment segment, PairWindow window, double weight)
    {
        if (_tangents is null)
        {
            return;
        }

        var length = _plan.ThetaLength;
        var sum = window.TangentSum();
        var lastOnly = _plan.Windows.WindowLoss == WindowLoss.Last;
        var first = !lastOnly ? 0 : window.Remaining == 0 ? segment.Steps - 1 : segment.Steps;
        for (var step = first; step < segment.Steps; step++)
        {
            var tangent = _tangents.LossTangents.Slice(((segment.LossOffset / Count) + step) * length, length);
            for (var i = 0; i < length; i++)
            {
                sum[i] += weight * double.CreateTruncating(tangent[i]);
            }
        }
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
        Unroll.Evaluate(segment.Pair, _thetas.View(slot), key, losses);
        return SegmentLoss.Difference(_plan.Problem, Unroll.Arms, losses, weight);
    }

    public void Dispose() => Unroll.Dispose();
}
