using System.Runtime.InteropServices;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>
/// Unrolls a learned optimizer on a torch task: gradients by torch, on all lanes of neighbouring pairs at once; updates
/// by the SIMD optimizers, lane by lane, on the same memory.
/// </summary>
/// <remarks>
/// A stack is a row of neighbouring pairs of the block that one actor owns, so the way in which sums are rounded
/// depends on
/// <c>pairs-per-actor</c> and on trajectories, never on timing. Saved bytes are those of <see cref="LaneUnroll"/>.
/// </remarks>
internal sealed class TorchUnroll : OptimizedUnroll, IWindowUnroll<float>
{
    private readonly TorchTask _task;
    private readonly TorchBatching _batching;
    private readonly Tensor _lanes;
    private readonly Tensor _gradients;
    private readonly BatchOrder[] _shuffling;
    private readonly BatchOrder[] _metaShuffling;
    private readonly PairSteps _steps;
    private readonly StepKey[] _keys;
    private readonly float[] _before;
    private readonly float[] _after;

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public TorchUnroll(TorchTask task, OptimizedTask problem, int pairs, ArmSet arms)
        : base(problem, pairs, arms)
    {
        _task = task;
        _batching = task.ResolvedBatching;
        var lanes = checked(pairs * ArmCount);
        _lanes = zeros(lanes, LaneLength).DetachFromDisposeScope();
        _gradients = zeros(lanes, PaddedParameters).DetachFromDisposeScope();
        _shuffling = [.. Enumerable.Range(0, pairs).Select(_ => new BatchOrder())];
        _metaShuffling = [.. Enumerable.Range(0, pairs).Select(_ => new BatchOrder())];
        _steps = new PairSteps(pairs, ArmCount);
        _keys = new StepKey[pairs];
        (_before, _after) = (new float[lanes], new float[lanes]);
    }

    /// <inheritdoc/>
    protected override Span<float> Lanes => MemoryMarshal.Cast<byte, float>(_lanes.bytes);

    /// <inheritdoc/>
    public override void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses) =>
        Advance(WindowSegment.Of(segments), thetas, losses);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        using var turn = OneThread.Enter();
        _steps.Begin(segments);
        for (var steps = _steps.Next(segments); !steps.IsEmpty; steps = _steps.Next(segments))
        {
            for (var first = 0; first < steps.Length;)
            {
                var end = first + 1;
                while (end < steps.Length && steps[end].Pair == steps[end - 1].Pair + 1
                    && steps[end].LossTime == steps[first].LossTime)
                {
                    end++;
                }

                Step(steps[first..end], thetas, losses);
                first = end;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        _lanes.Dispose();
        _gradients.Dispose();
    }

    // One step of neighbouring pairs.
    private void Step(ReadOnlySpan<PairStep> row, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        foreach (var step in row)
        {
            if (step.Begins is { } trajectory)
            {
                Reset(step.Pair, trajectory, thetas);
            }
        }

        var count = row.Length * ArmCount;
        var before = _before.AsSpan(0, count);
        var after = _after.AsSpan(0, count);
        Compute(row, thetas, before, after);
        for (var lane = 0; lane < count; lane++)
        {
            var (step, arm) = (row[lane / ArmCount], lane % ArmCount);
            ref var frozen = ref Frozen(step.Pair, arm);

            // A loss that was not finite has changed nothing, so what was measured afterwards does not count.
            double loss = frozen ? double.NaN
                : step.LossTime.AfterUpdate && float.IsFinite(before[lane]) ? after[lane]
                : before[lane];
            frozen |= !double.IsFinite(loss);
            losses[step.LossOffset + arm] = new StepLoss(loss, frozen);
        }
    }

    private void Compute(ReadOnlySpan<PairStep> row, ArmThetas<float> thetas, Span<float> before, Span<float> after)
    {
        using var scope = NewDisposeScope();
        var time = row[0].LossTime;
        var first = row[0].Pair * ArmCount;
        var parameters = _lanes.narrow(0, first, before.Length).narrow(1, 0, ParameterCount);
        var batch = Batch(row, DataSplit.Train, RandomStream.DataOrder, _shuffling);
        LaneGradients.Compute(
            _task, _batching, parameters, batch, _gradients.narrow(0, first, before.Length), before);
        var slopes = MemoryMarshal.Cast<byte, float>(_gradients.bytes);
        for (var lane = 0; lane < before.Length; lane++)
        {
            var (step, arm) = (row[lane / ArmCount], lane % ArmCount);
            if (float.IsFinite(before[lane]) && !Frozen(step.Pair, arm))
            {
                var state = Lane(step.Pair, arm);
                Problem.Optimizer.Update(
                    thetas[step.Thetas, arm], _task.Parameters, state[..PaddedParameters], state[PaddedParameters..],
                    slopes.Slice((first + lane) * PaddedParameters, PaddedParameters));
            }
        }

        if (time.AfterUpdate)
        {
            var meta = time.Split is { } split
                ? Batch(row, split, RandomStream.MetaDataOrder, _metaShuffling)
                : batch;
            LaneGradients.Losses(_task, _batching, parameters, meta, after);
        }
    }

    // All arms of a pair see the same batch.
    private Tensor[] Batch(
        ReadOnlySpan<PairStep> row, DataSplit split, RandomStream order, BatchOrder[] shuffling)
    {
        using var none = no_grad();
        for (var i = 0; i < row.Length; i++)
        {
            _keys[i] = row[i].Key;
        }

        var batch = DrawnBatch.Of(
            _task, _keys.AsSpan(0, row.Length), split, order, shuffling.AsSpan(row[0].Pair, row.Length));
        return ArmCount == 1 ? batch : [.. batch.Select(tensor => tensor.repeat_interleave(ArmCount, 0))];
    }
}
