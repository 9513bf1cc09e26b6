using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>What unrolls of a learned optimizer on a task have in common: the lanes' memory and saved bytes.</summary>
/// <remarks>
/// Memory of a lane: inner parameters, padded with zeros to a multiple of 16 floats, then the optimizer's state, padded
/// likewise. The saved state of a pair is, for each arm in order, a 32-bit flag (1 = frozen by divergence) and the
/// lane's floats, padding included. Both are part of the checkpoint format.
/// </remarks>
public abstract class OptimizedUnroll : IUnroll<float>, IInspectableUnroll<float>
{
    private readonly bool[] _frozen;

    /// <summary>Describes the lanes of <paramref name="pairs"/> pairs.</summary>
    protected OptimizedUnroll(OptimizedTask problem, int pairs, ArmSet arms)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        Problem = problem;
        ArmCount = arms.Count();
        var tensors = problem.Task.Parameters;
        ParameterCount = tensors[^1].Offset + tensors[^1].Length;
        PaddedParameters = AlignedBuffer.Padded(ParameterCount);
        LaneLength = PaddedParameters + AlignedBuffer.Padded(problem.Optimizer.StateLength(tensors));
        _frozen = new bool[pairs * ArmCount];
        Pairs = pairs;
        Arms = arms;
    }

    /// <inheritdoc/>
    public int Pairs { get; }

    /// <inheritdoc/>
    public ArmSet Arms { get; }

    /// <inheritdoc/>
    public int StateBytesPerPair => ArmCount * LaneBytes;

    /// <summary>Task and optimizer.</summary>
    protected OptimizedTask Problem { get; }

    /// <summary>Lanes of a pair.</summary>
    protected int ArmCount { get; }

    /// <summary>Number of inner parameters.</summary>
    protected int ParameterCount { get; }

    /// <summary>Floats of a lane before the optimizer's state.</summary>
    protected int PaddedParameters { get; }

    /// <summary>Floats of a lane.</summary>
    protected int LaneLength { get; }

    /// <summary>All lanes: [pair, arm, <see cref="LaneLength"/>], flat.</summary>
    protected abstract Span<float> Lanes { get; }

    private int LaneBytes => sizeof(int) + (LaneLength * sizeof(float));

    /// <summary>The inner parameters of one lane, for inspection.</summary>
    public ReadOnlySpan<float> Parameters(int pair, Arm arm) => Lane(pair, Arms.IndexOf(arm))[..ParameterCount];

    /// <inheritdoc/>
    /// <remarks>The inner parameters, then the optimizer's state as the optimizer names it.</remarks>
    public IReadOnlyList<NamedTensor<float>> Inspect(int pair, Arm arm)
    {
        var lane = Lane(pair, Arms.IndexOf(arm));
        var tensors = new List<NamedTensor<float>>();
        foreach (var slice in Problem.Task.Parameters)
        {
            tensors.Add(NamedTensor<float>.Copy(slice, lane));
        }

        foreach (var slice in Problem.Optimizer.DescribeState(Problem.Task.Parameters))
        {
            tensors.Add(NamedTensor<float>.Copy(slice, lane[PaddedParameters..]));
        }

        return tensors;
    }

    /// <inheritdoc/>
    public bool IsFrozen(int pair, Arm arm) => Frozen(pair, Arms.IndexOf(arm));

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<float>> InspectSample(TrajectoryKey trajectory) =>
        Problem.Task.DescribeSample(trajectory);

    /// <inheritdoc/>
    public void Reset(int pair, Trajectory trajectory, ArmThetas<float> thetas)
    {
        // Learned-optimizer problems start from the same parameters whatever theta is: draw them once, copy them.
        var first = Lane(pair, 0);
        first.Clear();
        Problem.Task.Initialise(trajectory.Key, first[..ParameterCount]);
        Problem.Optimizer.Initialise(Problem.Task.Parameters, trajectory.Horizon, first[PaddedParameters..]);
        Frozen(pair, 0) = false;
        for (var arm = 1; arm < ArmCount; arm++)
        {
            CopyLane(pair, 0, arm);
        }
    }

    /// <inheritdoc/>
    public abstract void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses);

    /// <inheritdoc/>
    public void Evaluate(int pair, ArmThetas<float> thetas, EvaluationKey key, Span<StepLoss> losses)
    {
        var scratch = Problem.Rent();
        losses[..ArmCount].Clear();
        for (var batch = 0; batch < key.Batches; batch++)
        {
            var step = key.Trajectory.At(key.FirstBatch + batch);
            scratch.Batch.Prepare(step, key.Split, RandomStream.EvaluationDataOrder);
            for (var arm = 0; arm < ArmCount; arm++)
            {
                var sum = losses[arm].Loss + scratch.Batch.Loss(Lane(pair, arm)[..ParameterCount]);
                losses[arm] = new StepLoss(sum, Frozen(pair, arm) || !double.IsFinite(sum));
            }
        }

        for (var arm = 0; arm < ArmCount; arm++)
        {
            losses[arm] = losses[arm] with { Loss = losses[arm].Loss / key.Batches };
        }

        Problem.Return(scratch);
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
        for (var arm = 0; arm < ArmCount; arm++)
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
        for (var arm = 0; arm < ArmCount; arm++)
        {
            var bytes = source.Slice(arm * LaneBytes, LaneBytes);
            FlatBytes.Read(bytes, flag);
            Frozen(pair, arm) = flag[0] != 0;
            FlatBytes.Read(bytes[sizeof(int)..], Lane(pair, arm));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the lanes' memory.</summary>
    protected abstract void Free();

    /// <summary>
    /// Called before a lane of a pair is read or changed in <see cref="Lanes"/>: an unroll whose lanes are elsewhere while
    /// they step brings them here.
    /// </summary>
    /// <param name="pair">The pair.</param>
    protected virtual void Open(int pair)
    {
    }

    /// <summary>One lane: padded parameters, padded optimizer state.</summary>
    protected Span<float> Lane(int pair, int arm)
    {
        Open(pair);
        return Lanes.Slice(((pair * ArmCount) + arm) * LaneLength, LaneLength);
    }

    /// <summary>Whether a lane is frozen by divergence.</summary>
    protected ref bool Frozen(int pair, int arm) => ref _frozen[(pair * ArmCount) + arm];

    private void CopyLane(int pair, int from, int to)
    {
        Lane(pair, from).CopyTo(Lane(pair, to));
        Frozen(pair, to) = Frozen(pair, from);
    }
}
