using System.Numerics;
using System.Runtime.InteropServices;
using Involute.Estimators.Estimation;
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
    private readonly TrainingPlan<T> _plan;
    private readonly ITangentUnroll<T>? _tangents;

    public PairLanes(TrainingPlan<T> plan, int pairs)
    {
        _plan = plan;
        var needs = plan.Estimator.Needs;
        _tangents = needs.Tangents == TangentSpan.None ? null : plan.Problem.CreateTangentUnroll(pairs, needs.Arms);
        Unroll = _tangents ?? plan.Problem.CreateUnroll(pairs, needs.Arms);
        Count = needs.Arms.Count();
    }

    public IUnroll<T> Unroll { get; }

    /// <summary>Lanes of one pair.</summary>
    public int Count { get; }

    /// <summary>Runs a round of segments; the losses are valid until the slot's next round.</summary>
    public ReadOnlySpan<StepLoss> Advance(List<Segment> segments, ComputeSlot<T> slot)
    {
        var losses = slot.Losses(segments[^1].LossOffset + (segments[^1].Steps * Count));
        Unroll.Advance(CollectionsMarshal.AsSpan(segments), Thetas(slot), losses);
        return losses;
    }

    /// <summary>Writes theta + ε, theta − ε and theta itself where the pair's lanes read what they run under.</summary>
    public void Perturb(int pair, NoiseKey noise, Theta<T> theta, ComputeSlot<T> slot)
    {
        var arms = Unroll.Arms;
        var length = _plan.ThetaLength;
        var lanes = Values(slot).Slice(pair * Count * length, Count * length);
        if (arms != ArmSet.Antithetic)
        {
            theta.Values.CopyTo(lanes[(arms.IndexOf(Arm.Centre) * length)..]);
        }

        if (arms == ArmSet.CentreOnly)
        {
            return;
        }

        var epsilon = slot.Epsilon(length);
        _plan.Noise.Fill(noise, epsilon);
        var positive = lanes.Slice(arms.IndexOf(Arm.Positive) * length, length);
        var negative = lanes.Slice(arms.IndexOf(Arm.Negative) * length, length);
        for (var i = 0; i < length; i++)
        {
            positive[i] = theta.Values[i] + epsilon[i];
            negative[i] = theta.Values[i] - epsilon[i];
        }
    }

    public void Reset(int pair, Trajectory trajectory, ComputeSlot<T> slot) =>
        Unroll.Reset(pair, trajectory, Thetas(slot));

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

    /// <summary>Adds the derivatives of a segment's losses to a sum, step by step, in double.</summary>
    /// <param name="segment">The segment that has just run.</param>
    /// <param name="firstCounted">The first of its steps that counts.</param>
    /// <param name="weight">How much a step counts.</param>
    /// <param name="sum">As long as theta; empty where the estimator needs no derivatives.</param>
    public void AddTangents(Segment segment, int firstCounted, double weight, Span<double> sum)
    {
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
        Unroll.Evaluate(segment.Pair, Thetas(slot), key, losses);
        return SegmentSum.Difference(_plan.Problem, Unroll.Arms, losses, weight);
    }

    public void Dispose() => Unroll.Dispose();

    private Span<T> Values(ComputeSlot<T> slot) => slot.Thetas(Unroll.Pairs * Count * _plan.ThetaLength);

    private ArmThetas<T> Thetas(ComputeSlot<T> slot) => new(Values(slot), Count, _plan.ThetaLength);
}
