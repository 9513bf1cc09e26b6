using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>
/// Unrolls a learned optimizer on a task, one lane at a time on one core: a lane's whole state stays in the cache, and
/// both arms step alternately on the same prepared batch.
/// </summary>
public sealed class LaneUnroll : OptimizedUnroll, IWindowUnroll<float>
{
    private readonly AlignedBuffer _lanes;

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public LaneUnroll(OptimizedTask problem, int pairs, ArmSet arms)
        : base(problem, pairs, arms) => _lanes = new AlignedBuffer(checked(pairs * ArmCount * LaneLength));

    /// <inheritdoc/>
    protected override Span<float> Lanes => _lanes.Span;

    /// <inheritdoc/>
    public override void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        var scratch = Problem.Rent();
        foreach (var segment in segments)
        {
            Run(segment, thetas, segment.Pair, losses, scratch);
        }

        // Only now: scratch that an exception has left in an unknown state is dropped, not pooled.
        Problem.Return(scratch);
    }

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        var scratch = Problem.Rent();
        foreach (var part in segments)
        {
            if (part.Begins is { } trajectory)
            {
                Reset(part.Segment.Pair, trajectory, thetas);
            }

            Run(part.Segment, thetas, part.Thetas, losses, scratch);
        }

        Problem.Return(scratch);
    }

    /// <inheritdoc/>
    protected override void Free() => _lanes.Dispose();

    private void Run(
        Segment segment, ArmThetas<float> thetas, int row, Span<StepLoss> losses, LaneScratch scratch)
    {
        for (var s = 0; s < segment.Steps; s++)
        {
            var key = segment.Key.At(segment.FirstStep + s);
            scratch.Batch.Prepare(key, DataSplit.Train, RandomStream.DataOrder);
            if (segment.LossTime is { AfterUpdate: true, Split: { } split })
            {
                scratch.MetaBatch.Prepare(key, split, RandomStream.MetaDataOrder);
            }

            for (var arm = 0; arm < ArmCount; arm++)
            {
                losses[segment.LossOffset + (s * ArmCount) + arm] =
                    StepLane(segment.Pair, arm, thetas[row, arm], segment.LossTime, scratch);
            }
        }
    }

    private StepLoss StepLane(int pair, int arm, ReadOnlySpan<float> theta, LossTime lossTime, LaneScratch scratch)
    {
        ref var frozen = ref Frozen(pair, arm);
        if (frozen)
        {
            return new StepLoss(double.NaN, true);
        }

        var lane = Lane(pair, arm);
        var parameters = lane[..PaddedParameters];
        var gradient = scratch.Gradient.Span;
        var loss = scratch.Batch.LossAndGradient(parameters, gradient);
        if (double.IsFinite(loss))
        {
            Problem.Optimizer.Update(
                theta, Problem.Task.Parameters, parameters, lane[PaddedParameters..], gradient);
            if (lossTime.AfterUpdate)
            {
                loss = (lossTime.Split is null ? scratch.Batch : scratch.MetaBatch).Loss(parameters);
            }
        }

        frozen = !double.IsFinite(loss);
        return new StepLoss(loss, frozen);
    }
}
