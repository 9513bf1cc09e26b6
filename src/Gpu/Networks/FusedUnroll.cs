using Involute.Gpu.Driver;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Networks;

/// <summary>
/// Unrolls an optimizer on an image task with its lanes on a device: all steps of a window in one launch, whose losses are
/// read back once. Losses and saved bytes are those of <see cref="LaneUnroll"/>.
/// </summary>
/// <remarks>
/// Each unroll has a stream of its own, so that the copies of one run beside the launch of another. The initial parameters of
/// trajectories that begin in a window are drawn on the device, before it; batches in it.
/// </remarks>
internal sealed class FusedUnroll : IWindowUnroll<float>, IInspectableUnroll<float>
{
    private readonly OptimizedTask _problem;
    private readonly NetworkShape _shape;
    private readonly DeviceStream _stream;
    private readonly LaneMemory _lanes;
    private readonly WindowCall _call;
    private readonly WindowLauncher _launcher;
    private readonly int _arms;

    /// <summary>Creates the lanes of some pairs.</summary>
    /// <param name="device">Where they live.</param>
    /// <param name="problem">Task and optimizer.</param>
    /// <param name="shape">Their sizes.</param>
    /// <param name="placement">Which kernels; tests choose one.</param>
    /// <param name="pairs">Number of pairs, at least 1.</param>
    /// <param name="arms">Which lanes each pair has.</param>
    public FusedUnroll(Device device, OptimizedTask problem, NetworkShape shape, LanePlacement placement, int pairs, ArmSet arms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        (_problem, _shape, _arms, Pairs, Arms) = (problem, shape, arms.Count(), pairs, arms);
        _stream = device.CreateStream();
        _lanes = new LaneMemory(device, _stream, pairs, _arms, shape.Length);
        _call = new WindowCall(pairs, _arms, shape.Rule);
        _launcher = new WindowLauncher(device, _stream, shape, _lanes, placement, pairs, _arms);
    }

    /// <inheritdoc/>
    public int Pairs { get; }

    /// <inheritdoc/>
    public ArmSet Arms { get; }

    /// <inheritdoc/>
    public int StateBytesPerPair => _arms * LaneBytes;

    private int LaneBytes => sizeof(int) + (_shape.Length * sizeof(float));

    /// <inheritdoc/>
    public void Reset(int pair, Trajectory trajectory, ArmThetas<float> thetas)
    {
        _lanes.Blank();
        var first = _lanes.Lane(0);
        _problem.Task.Initialise(trajectory.Key, first[.._shape.Task.ParameterCount]);
        _problem.Optimizer.Initialise(_problem.Task.Parameters, trajectory.Horizon, first[_shape.Padded..]);
        for (var arm = 1; arm < _arms; arm++)
        {
            first.CopyTo(_lanes.Lane(arm));
        }

        _lanes.Write(pair);
    }

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses) =>
        Advance(WindowSegment.Of(segments), thetas, losses);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        if (segments.IsEmpty)
        {
            return;
        }

        var placement = _launcher.PlacementOf(segments);
        _call.Fill(segments, thetas, placement == LanePlacement.PairPerBlock ? 2 : 1);
        var values = _launcher.Run(_call, placement, MeasuredOn(segments));
        var at = 0;
        foreach (var part in segments)
        {
            var count = part.Segment.Steps * _arms;
            for (var i = 0; i < count; i++)
            {
                var loss = values[at + i];
                losses[part.Segment.LossOffset + i] = new StepLoss(loss, !double.IsFinite(loss));
            }

            at += count;
        }
    }

    /// <inheritdoc/>
    public void Evaluate(int pair, ArmThetas<float> thetas, EvaluationKey key, Span<StepLoss> losses)
    {
        _call.FillEvaluation(pair, key);
        var values = _launcher.Run(_call, LanePlacement.General, key.Split);
        _lanes.Read(pair);
        for (var arm = 0; arm < _arms; arm++)
        {
            var sum = 0.0;
            for (var batch = 0; batch < key.Batches; batch++)
            {
                sum += values[(batch * _arms) + arm];
            }

            losses[arm] = new StepLoss(sum / key.Batches, _lanes.Frozen(arm) != 0 || !double.IsFinite(sum));
        }
    }

    /// <inheritdoc/>
    public void ForkFromCentre(int pair)
    {
        if (Arms != ArmSet.AntitheticAndCentre)
        {
            throw new InvalidOperationException("these pairs have no centre lane");
        }

        _lanes.Copy(pair, (int)Arm.Centre, (int)Arm.Positive);
        _lanes.Copy(pair, (int)Arm.Centre, (int)Arm.Negative);
    }

    /// <inheritdoc/>
    public void ForkFromPositive(int pair) => _lanes.Copy(pair, Arms.IndexOf(Arm.Positive), Arms.IndexOf(Arm.Negative));

    /// <inheritdoc/>
    public void Save(int pair, Span<byte> destination)
    {
        _lanes.Read(pair);
        for (var arm = 0; arm < _arms; arm++)
        {
            var bytes = destination.Slice(arm * LaneBytes, LaneBytes);
            FlatBytes.Write<int>([_lanes.Frozen(arm) == 0 ? 0 : 1], bytes);
            FlatBytes.Write<float>(_lanes.Lane(arm), bytes[sizeof(int)..]);
        }
    }

    /// <inheritdoc/>
    public void Load(int pair, ReadOnlySpan<byte> source)
    {
        _lanes.Blank();
        Span<int> flag = stackalloc int[1];
        for (var arm = 0; arm < _arms; arm++)
        {
            var bytes = source.Slice(arm * LaneBytes, LaneBytes);
            FlatBytes.Read(bytes, flag);
            _lanes.Frozen(arm) = flag[0] == 0 ? 0 : 1;
            FlatBytes.Read(bytes[sizeof(int)..], _lanes.Lane(arm));
        }

        _lanes.Write(pair);
    }

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<float>> Inspect(int pair, Arm arm)
    {
        var index = Arms.IndexOf(arm);
        _lanes.Read(pair);
        var lane = _lanes.Lane(index);
        var tensors = new List<NamedTensor<float>>();
        foreach (var slice in _problem.Task.Parameters)
        {
            tensors.Add(NamedTensor<float>.Copy(slice, lane));
        }

        foreach (var slice in _problem.Optimizer.DescribeState(_problem.Task.Parameters))
        {
            tensors.Add(NamedTensor<float>.Copy(slice, lane[_shape.Padded..]));
        }

        return tensors;
    }

    /// <inheritdoc/>
    public bool IsFrozen(int pair, Arm arm)
    {
        var index = Arms.IndexOf(arm);
        _lanes.Read(pair);
        return _lanes.Frozen(index) != 0;
    }

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<float>> InspectSample(Tasks.Randomness.TrajectoryKey trajectory) =>
        _problem.Task.DescribeSample(trajectory);

    /// <inheritdoc/>
    public void Dispose()
    {
        _launcher.Dispose();
        _lanes.Dispose();
        _stream.Dispose();
    }

    // Which split's images a window needs beside those of the train split.
    private static DataSplit MeasuredOn(ReadOnlySpan<WindowSegment> segments)
    {
        foreach (var part in segments)
        {
            if (part.Segment.LossTime is { AfterUpdate: true, Split: DataSplit.Test })
            {
                return DataSplit.Test;
            }
        }

        return DataSplit.Train;
    }
}
