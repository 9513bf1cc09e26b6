using System.Runtime.InteropServices;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Native;
using Involute.Torch.Optimizers;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>
/// Unrolls a learned optimizer on a torch task with everything on the task's device: parameters, optimizer state, theta and
/// batches, which are gathered there from resident data by numbers that are drawn here. Losses are read back once per call.
/// </summary>
/// <remarks>
/// A stack is a row of neighbouring pairs, as in <see cref="TorchUnroll"/>, and the saved bytes are the same. What the host
/// asks of a pair (to reset, save, load or evaluate it) is done on a copy here, which goes to the device before the next step.
/// </remarks>
internal sealed class DeviceUnroll : OptimizedUnroll
{
    private readonly TorchTask _task;
    private readonly TorchBatching _batching;
    private readonly Device _device;
    private readonly IStackedOptimizer _optimizer;
    private readonly Tensor _host;
    private readonly Tensor _lanes;
    private readonly Tensor _gradients;

    // Of each pair: whether the copy here is newer than the device's.
    private readonly bool[] _isHere;
    private readonly DeviceDraws _draws;

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    /// <exception cref="NotSupportedException">The optimizer has no form for tensors.</exception>
    public DeviceUnroll(TorchTask task, OptimizedTask problem, int pairs, ArmSet arms)
        : base(problem, pairs, arms)
    {
        _task = task;
        _batching = task.ResolvedBatching;
        _device = task.Place.Ready();
        _optimizer = StackedOptimizers.Of(problem.Optimizer, task.Parameters)
            ?? throw new NotSupportedException($"{problem.Name}: {task.RefusalOf(problem.Optimizer)?.Problem}");
        var lanes = checked(pairs * ArmCount);
        using var scope = NewDisposeScope();
        _host = zeros(lanes, LaneLength).DetachFromDisposeScope();
        _lanes = zeros(lanes, LaneLength, device: _device).DetachFromDisposeScope();
        _gradients = zeros(lanes, ParameterCount, device: _device).DetachFromDisposeScope();
        _isHere = new bool[pairs];
        _draws = new DeviceDraws(task, pairs, _device);
    }

    /// <inheritdoc/>
    protected override Span<float> Lanes => MemoryMarshal.Cast<byte, float>(_host.bytes);

    /// <inheritdoc/>
    public override void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        try
        {
            var steps = 0;
            foreach (var segment in segments)
            {
                steps = Math.Max(steps, segment.Steps);
            }

            var call = Begin(segments, thetas, steps);
            for (var step = 0; step < steps; step++)
            {
                using var one = NewDisposeScope();
                _draws.Prepare(segments, step);
                StepAll(segments, step, call);
            }

            Report(segments, call.Losses, losses);
        }
        catch (ExternalException exception) when (ExhaustedMemory.IsIn(exception))
        {
            throw ExhaustedMemory.Of(_task.Place.Device.ToString(), exception);
        }
    }

    /// <inheritdoc/>
    protected override void Open(int pair)
    {
        if (_isHere[pair])
        {
            return;
        }

        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        using var none = no_grad();
        PairOf(_host, pair).copy_(PairOf(_lanes, pair));
        _isHere[pair] = true;
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        _host.Dispose();
        _lanes.Dispose();
        _gradients.Dispose();
        _draws.Dispose();
    }

    private Tensor PairOf(Tensor lanes, int pair) => lanes.narrow(0, pair * ArmCount, ArmCount);

    // Brings to the device what one call needs.
    private Call Begin(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, int steps)
    {
        using var none = no_grad();
        var count = segments.Length * ArmCount;
        var length = Problem.Layout.Length;
        var theta = new float[count * length];
        var alive = new bool[count];
        for (var i = 0; i < segments.Length; i++)
        {
            var pair = segments[i].Pair;
            if (_isHere[pair])
            {
                PairOf(_lanes, pair).copy_(PairOf(_host, pair));
                _isHere[pair] = false;
            }

            for (var arm = 0; arm < ArmCount; arm++)
            {
                var lane = (i * ArmCount) + arm;
                thetas[pair, arm].CopyTo(theta.AsSpan(lane * length, length));
                alive[lane] = !Frozen(pair, arm);
            }
        }

        return new Call(
            tensor(theta).view(count, length).to(_device), tensor(alive).to(_device),
            zeros(Math.Max(steps, 1), count, device: _device));
    }

    private void StepAll(ReadOnlySpan<Segment> segments, int step, Call call)
    {
        for (var first = 0; first < segments.Length;)
        {
            var end = first + 1;
            if (segments[first].Steps > step)
            {
                while (end < segments.Length && segments[end].Steps > step
                    && segments[end].Pair == segments[end - 1].Pair + 1
                    && segments[end].LossTime == segments[first].LossTime)
                {
                    end++;
                }

                StepRow(segments, first, end, step, call);
            }

            first = end;
        }
    }

    // One step of neighbouring pairs.
    private void StepRow(ReadOnlySpan<Segment> segments, int first, int end, int step, Call call)
    {
        var (from, count) = (first * ArmCount, (end - first) * ArmCount);
        var time = segments[first].LossTime;
        var lanes = _lanes.narrow(0, segments[first].Pair * ArmCount, count);
        var parameters = lanes.narrow(1, 0, ParameterCount);
        var state = lanes.narrow(1, PaddedParameters, LaneLength - PaddedParameters);
        var gradient = _gradients.narrow(0, 0, count);
        var batch = Lanewise(_draws.Batch(first, end, step, meta: null));
        var before = LaneGradients.Compute(_task, _batching, parameters, batch, gradient);
        using var none = no_grad();
        var alive = call.Alive.narrow(0, from, count);
        var isFinite = before.isfinite();
        var moves = alive.logical_and(isFinite).unsqueeze(1);
        var (next, nextState) = _optimizer.Step(call.Theta.narrow(0, from, count), parameters, state, gradient);
        parameters.copy_(where(moves, next, parameters));
        state.copy_(where(moves, nextState, state));
        var loss = before;
        if (time.AfterUpdate)
        {
            var meta = time.Split is { } split ? Lanewise(_draws.Batch(first, end, step, split)) : batch;

            // A loss that was not finite has changed nothing, so what was measured afterwards does not count.
            loss = where(isFinite, LaneGradients.Losses(_task, _batching, parameters, meta), before);
        }

        var reported = where(alive, loss, full_like(loss, float.NaN));
        call.Losses[step].narrow(0, from, count).copy_(reported);
        alive.copy_(alive.logical_and(reported.isfinite()));
    }

    // All arms of a pair see the same batch.
    private Tensor[] Lanewise(Tensor[] batch)
    {
        using var none = no_grad();
        return ArmCount == 1 ? batch : [.. batch.Select(tensor => tensor.repeat_interleave(ArmCount, 0))];
    }

    private void Report(ReadOnlySpan<Segment> segments, Tensor values, Span<StepLoss> losses)
    {
        var read = LaneGradients.Value(values);
        var count = segments.Length * ArmCount;
        for (var i = 0; i < segments.Length; i++)
        {
            for (var step = 0; step < segments[i].Steps; step++)
            {
                for (var arm = 0; arm < ArmCount; arm++)
                {
                    ref var frozen = ref Frozen(segments[i].Pair, arm);
                    double loss = read[(step * count) + (i * ArmCount) + arm];
                    frozen |= !double.IsFinite(loss);
                    losses[segments[i].LossOffset + (step * ArmCount) + arm] = new StepLoss(loss, frozen);
                }
            }
        }
    }

    /// <summary>What one call has on the device.</summary>
    /// <param name="Theta">[lanes of the call, length of theta]</param>
    /// <param name="Alive">Of each lane, whether it is not frozen.</param>
    /// <param name="Losses">[steps, lanes of the call]</param>
    private sealed record Call(Tensor Theta, Tensor Alive, Tensor Losses);
}
