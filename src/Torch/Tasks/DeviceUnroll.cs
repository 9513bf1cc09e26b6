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
/// Within a call nothing is read back before the end: a trajectory that begins in it goes to the device only.
/// </remarks>
internal sealed class DeviceUnroll : OptimizedUnroll, IWindowUnroll<float>
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
    private readonly PairSteps _steps;

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
        _steps = new PairSteps(pairs, ArmCount);
    }

    /// <inheritdoc/>
    protected override Span<float> Lanes => MemoryMarshal.Cast<byte, float>(_host.bytes);

    /// <inheritdoc/>
    public override void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses) =>
        Advance(WindowSegment.Of(segments), thetas, losses);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        try
        {
            var rounds = Rounds(segments);
            var call = Begin(segments, thetas, rounds.Count);
            for (var round = 0; round < rounds.Count; round++)
            {
                using var one = NewDisposeScope();
                _draws.Prepare(rounds, round);
                StepAll(rounds[round], round, thetas, call);
            }

            Report(rounds, call, losses);
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

    private List<PairStep[]> Rounds(ReadOnlySpan<WindowSegment> segments)
    {
        var rounds = new List<PairStep[]>();
        _steps.Begin(segments);
        for (var steps = _steps.Next(segments); !steps.IsEmpty; steps = _steps.Next(segments))
        {
            rounds.Add(steps.ToArray());
        }

        return rounds;
    }

    // Brings to the device what one call needs.
    private Call Begin(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, int rounds)
    {
        using var none = no_grad();
        var rows = 0;
        foreach (var part in segments)
        {
            rows = Math.Max(rows, part.Thetas + 1);
        }

        var length = Problem.Layout.Length;
        var theta = new float[rows * ArmCount * length];
        foreach (var part in segments)
        {
            for (var arm = 0; arm < ArmCount; arm++)
            {
                thetas[part.Thetas, arm].CopyTo(theta.AsSpan(((part.Thetas * ArmCount) + arm) * length, length));
            }

            ToDevice(part.Segment.Pair);
        }

        var lanes = Pairs * ArmCount;
        var alive = new bool[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            alive[lane] = !Frozen(lane / ArmCount, lane % ArmCount);
        }

        return new Call(
            alive, tensor(theta).view(rows * ArmCount, length).to(_device), tensor(alive).to(_device),
            zeros(Math.Max(rounds, 1), lanes, device: _device));
    }

    private void ToDevice(int pair)
    {
        if (_isHere[pair])
        {
            PairOf(_lanes, pair).copy_(PairOf(_host, pair));
            _isHere[pair] = false;
        }
    }

    private void StepAll(PairStep[] steps, int round, ArmThetas<float> thetas, Call call)
    {
        foreach (var step in steps)
        {
            if (step.Begins is { } trajectory)
            {
                using var none = no_grad();

                // All of it is written: what the device has need not be read.
                _isHere[step.Pair] = true;
                Reset(step.Pair, trajectory, thetas);
                ToDevice(step.Pair);
                PairOf(call.Alive, step.Pair).fill_(true);
            }
        }

        for (var first = 0; first < steps.Length;)
        {
            var end = first + 1;
            while (end < steps.Length && steps[end].Pair == steps[end - 1].Pair + 1
                && steps[end].LossTime == steps[first].LossTime)
            {
                end++;
            }

            StepRow(steps, first, end, round, call);
            first = end;
        }
    }

    // One step of neighbouring pairs.
    private void StepRow(PairStep[] steps, int first, int end, int round, Call call)
    {
        var (from, count) = (steps[first].Pair * ArmCount, (end - first) * ArmCount);
        var time = steps[first].LossTime;
        var lanes = _lanes.narrow(0, from, count);
        var parameters = lanes.narrow(1, 0, ParameterCount);
        var state = lanes.narrow(1, PaddedParameters, LaneLength - PaddedParameters);
        var gradient = _gradients.narrow(0, 0, count);
        var batch = Lanewise(_draws.Batch(first, end, round, meta: null));
        var before = LaneGradients.Compute(_task, _batching, parameters, batch, gradient);
        using var none = no_grad();
        var alive = call.Alive.narrow(0, from, count);
        var isFinite = before.isfinite();
        var moves = alive.logical_and(isFinite).unsqueeze(1);
        var (next, nextState) = _optimizer.Step(Thetas(steps.AsSpan(first..end), call), parameters, state, gradient);
        parameters.copy_(where(moves, next, parameters));
        state.copy_(where(moves, nextState, state));
        var loss = before;
        if (time.AfterUpdate)
        {
            var meta = time.Split is { } split ? Lanewise(_draws.Batch(first, end, round, split)) : batch;

            // A loss that was not finite has changed nothing, so what was measured afterwards does not count.
            loss = where(isFinite, LaneGradients.Losses(_task, _batching, parameters, meta), before);
        }

        var reported = where(alive, loss, full_like(loss, float.NaN));
        call.Losses[round].narrow(0, from, count).copy_(reported);
        alive.copy_(alive.logical_and(reported.isfinite()));
    }

    // [lanes of the row, length of theta]
    private Tensor Thetas(ReadOnlySpan<PairStep> row, Call call)
    {
        var lanes = new long[row.Length * ArmCount];
        var areNeighbours = true;
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = (row[lane / ArmCount].Thetas * ArmCount) + (lane % ArmCount);
            areNeighbours &= lanes[lane] == lanes[0] + lane;
        }

        return areNeighbours
            ? call.Theta.narrow(0, lanes[0], lanes.Length)
            : call.Theta.index_select(0, tensor(lanes).to(_device));
    }

    // All arms of a pair see the same batch.
    private Tensor[] Lanewise(Tensor[] batch)
    {
        using var none = no_grad();
        return ArmCount == 1 ? batch : [.. batch.Select(tensor => tensor.repeat_interleave(ArmCount, 0))];
    }

    // Which lanes are frozen follows from the losses, in the order of the steps.
    private void Report(List<PairStep[]> rounds, Call call, Span<StepLoss> losses)
    {
        var read = LaneGradients.Value(call.Losses);
        for (var lane = 0; lane < call.WasAlive.Length; lane++)
        {
            Frozen(lane / ArmCount, lane % ArmCount) = !call.WasAlive[lane];
        }

        for (var round = 0; round < rounds.Count; round++)
        {
            foreach (var step in rounds[round])
            {
                for (var arm = 0; arm < ArmCount; arm++)
                {
                    ref var frozen = ref Frozen(step.Pair, arm);
                    double loss = read[(round * call.WasAlive.Length) + (step.Pair * ArmCount) + arm];
                    frozen = (frozen && step.Begins is null) || !double.IsFinite(loss);
                    losses[step.LossOffset + arm] = new StepLoss(loss, frozen);
                }
            }
        }
    }

    /// <summary>What one call has on the device.</summary>
    /// <param name="WasAlive">Of each lane, whether it was not frozen before the call.</param>
    /// <param name="Theta">[thetas of the call × arms, length of theta]</param>
    /// <param name="Alive">Of each lane, whether it is not frozen.</param>
    /// <param name="Losses">[rounds, lanes]</param>
    private sealed record Call(bool[] WasAlive, Tensor Theta, Tensor Alive, Tensor Losses);
}
