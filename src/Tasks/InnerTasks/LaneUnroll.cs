using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>
/// Unrolls a learned optimizer on a task, one lane at a time on one core: a lane's whole state stays in the cache, and
/// both arms step alternately on the same prepared batch.
/// </summary>
/// <remarks>
/// Memory of a lane: inner parameters, padded with zeros to a multiple of 16 floats, then the optimizer's state, padded
/// likewise. The saved state of a pair is, for each arm in order, a 32-bit flag (1 = frozen by divergence) and the
/// lane's floats, padding included. Both are part of the checkpoint format.
/// </remarks>
public sealed class LaneUnroll : IUnroll<float>, IInspectableUnroll<float>
{
    private readonly OptimizedTask _problem;
    private readonly AlignedBuffer _lanes;
    private readonly bool[] _frozen;
    private readonly int _arms;
    private readonly int _parameters;
    private readonly int _paddedParameters;
    private readonly int _laneLength;

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public LaneUnroll(OptimizedTask problem, int pairs, ArmSet arms)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        _problem = problem;
        _arms = arms.Count();
        var tensors = problem.Task.Parameters;
        _parameters = tensors[^1].Offset + tensors[^1].Length;
        _paddedParameters = AlignedBuffer.Padded(_parameters);
        _laneLength = _paddedParameters + AlignedBuffer.Padded(problem.Optimizer.StateLength(tensors));
        _lanes = new AlignedBuffer(checked(pairs * _arms * _laneLength));
        _frozen = new bool[pairs * _arms];
        Pairs = pairs;
        Arms = arms;
    }

    /// <inheritdoc/>
    public int Pairs { get; }

    /// <inheritdoc/>
    public ArmSet Arms { get; }

    /// <inheritdoc/>
    public int StateBytesPerPair => _arms * LaneBytes;

    private int LaneBytes => sizeof(int) + (_laneLength * sizeof(float));

    /// <summary>The inner parameters of one lane, for inspection.</summary>
    public ReadOnlySpan<float> Parameters(int pair, Arm arm) => Lane(pair, Arms.IndexOf(arm))[.._parameters];

    /// <inheritdoc/>
    /// <remarks>The inner parameters, then the optimizer's state as the optimizer names it.</remarks>
    public IReadOnlyList<NamedTensor<float>> Inspect(int pair, Arm arm)
    {
        var lane = Lane(pair, Arms.IndexOf(arm));
        var tensors = new List<NamedTensor<float>>();
        foreach (var slice in _problem.Task.Parameters)
        {
            tensors.Add(NamedTensor<float>.Copy(slice, lane));
        }

        foreach (var slice in _problem.Optimizer.DescribeState(_problem.Task.Parameters))
        {
            tensors.Add(NamedTensor<float>.Copy(slice, lane[_paddedParameters..]));
        }

        return tensors;
    }

    /// <inheritdoc/>
    public bool IsFrozen(int pair, Arm arm) => Frozen(pair, Arms.IndexOf(arm));

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<float>> InspectSample(TrajectoryKey trajectory) =>
        _problem.Task.DescribeSample(trajectory);

    /// <inheritdoc/>
    public void Reset(int pair, Trajectory trajectory, ArmThetas<float> thetas)
    {
        // Learned-optimizer problems start from the same parameters whatever theta is: draw them once, copy them.
        var first = Lane(pair, 0);
        first.Clear();
        _problem.Task.Initialise(trajectory.Key, first[.._parameters]);
        _problem.Optimizer.Initialise(_problem.Task.Parameters, trajectory.Horizon, first[_paddedParameters..]);
        Frozen(pair, 0) = false;
        for (var arm = 1; arm < _arms; arm++)
        {
            CopyLane(pair, 0, arm);
        }
    }

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        var scratch = _problem.Rent();
        foreach (var segment in segments)
        {
            for (var s = 0; s < segment.Steps; s++)
            {
                var key = segment.Key.At(segment.FirstStep + s);
                scratch.Batch.Prepare(key, DataSplit.Train, RandomStream.DataOrder);
                if (segment.LossTime is { AfterUpdate: true, Split: { } split })
                {
                    scratch.MetaBatch.Prepare(key, split, RandomStream.MetaDataOrder);
                }

                for (var arm = 0; arm < _arms; arm++)
                {
                    losses[segment.LossOffset + (s * _arms) + arm] =
                        StepLane(segment.Pair, arm, thetas[segment.Pair, arm], segment.LossTime, scratch);
                }
            }
        }

        // Only now: scratch that an exception has left in an unknown state is dropped, not pooled.
        _problem.Return(scratch);
    }

    /// <inheritdoc/>
    public void Evaluate(int pair, ArmThetas<float> thetas, EvaluationKey key, Span<StepLoss> losses)
    {
        var scratch = _problem.Rent();
        losses[.._arms].Clear();
        for (var batch = 0; batch < key.Batches; batch++)
        {
            var step = key.Trajectory.At(key.FirstBatch + batch);
            scratch.Batch.Prepare(step, key.Split, RandomStream.EvaluationDataOrder);
            for (var arm = 0; arm < _arms; arm++)
            {
                var sum = losses[arm].Loss + scratch.Batch.Loss(Lane(pair, arm)[.._parameters]);
                losses[arm] = new StepLoss(sum, Frozen(pair, arm) || !double.IsFinite(sum));
            }
        }

        for (var arm = 0; arm < _arms; arm++)
        {
            losses[arm] = losses[arm] with { Loss = losses[arm].Loss / key.Batches };
        }

        _problem.Return(scratch);
    }

    /// <inheritdoc/>
    public void ForkFromCentre(int pair)
    {
        if (Arms != ArmSet.AntitheticAndCentre)
        {
            throw new InvalidOperationException("these pairs have no centre lane");
        }

        CopyLane(pair, (int)Arm.Centre, (int)Arm.Positive);
        CopyLane(pair, (int)Arm.Centre, (int)Arm.Negative);
    }

    /// <inheritdoc/>
    public void ForkFromPositive(int pair) => CopyLane(pair, Arms.IndexOf(Arm.Positive), Arms.IndexOf(Arm.Negative));

    /// <inheritdoc/>
    public void Save(int pair, Span<byte> destination)
    {
        for (var arm = 0; arm < _arms; arm++)
        {
            var bytes = destination.Slice(arm * LaneBytes, LaneBytes);
            FlatBytes.Write<int>([Frozen(pair, arm) ? 1 : 0], bytes);
            FlatBytes.Write<float>(Lane(pair, arm), bytes[sizeof(int)..]);
        }
    }

    /// <inheritdoc/>
    public void Load(int pair, ReadOnlySpan<byte> source)
    {
        Span<int> flag = stackalloc int[1];
        for (var arm = 0; arm < _arms; arm++)
        {
            var bytes = source.Slice(arm * LaneBytes, LaneBytes);
            FlatBytes.Read(bytes, flag);
            Frozen(pair, arm) = flag[0] != 0;
            FlatBytes.Read(bytes[sizeof(int)..], Lane(pair, arm));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lanes.Dispose();

    private StepLoss StepLane(int pair, int arm, ReadOnlySpan<float> theta, LossTime lossTime, LaneScratch scratch)
    {
        ref var frozen = ref Frozen(pair, arm);
        if (frozen)
        {
            return new StepLoss(double.NaN, true);
        }

        var lane = Lane(pair, arm);
        var parameters = lane[.._paddedParameters];
        var gradient = scratch.Gradient.Span;
        var loss = scratch.Batch.LossAndGradient(parameters, gradient);
        if (double.IsFinite(loss))
        {
            _problem.Optimizer.Update(
                theta, _problem.Task.Parameters, parameters, lane[_paddedParameters..], gradient);
            if (lossTime.AfterUpdate)
            {
                loss = (lossTime.Split is null ? scratch.Batch : scratch.MetaBatch).Loss(parameters);
            }
        }

        frozen = !double.IsFinite(loss);
        return new StepLoss(loss, frozen);
    }

    private void CopyLane(int pair, int from, int to)
    {
        Lane(pair, from).CopyTo(Lane(pair, to));
        Frozen(pair, to) = Frozen(pair, from);
    }

    private Span<float> Lane(int pair, int arm) =>
        _lanes.Span.Slice(((pair * _arms) + arm) * _laneLength, _laneLength);

    private ref bool Frozen(int pair, int arm) => ref _frozen[(pair * _arms) + arm];
}
