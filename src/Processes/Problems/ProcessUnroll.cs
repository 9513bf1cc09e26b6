using System.Runtime.InteropServices;
using Involute.Processes.Children;
using Involute.Processes.Frames;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Processes.Problems;

/// <summary>Unrolls a problem that another program computes: the states are here, the steps there.</summary>
/// <remarks>
/// All lanes of a block that have steps to run go in one call, as far as the child takes so many: the segments of a window round
/// by round, one of each pair in a round. Lanes that have diverged are not sent.
/// </remarks>
internal sealed class ProcessUnroll : IWindowUnroll<float>, IInspectableUnroll<float>
{
    // What a processor's caches hold: with 16 MiB lanes of 400 kB took a third longer. A container's small /dev/shm has room, too.
    private const int MostBytesOfCall = 4 << 20;

    private readonly ChildGreeting _greeting;
    private readonly ChildPool _children;
    private readonly LaneStates _states;
    private readonly LaneCall _call;
    private readonly SegmentQueue _queue;
    private readonly List<CalledLane> _lanes = [];
    private readonly int _arms;
    private readonly int _mostLanes;

    /// <summary>Creates the lanes of some pairs.</summary>
    /// <param name="greeting">The problem.</param>
    /// <param name="children">What computes it.</param>
    /// <param name="pairs">How many pairs.</param>
    /// <param name="arms">Lanes of each.</param>
    public ProcessUnroll(ChildGreeting greeting, ChildPool children, int pairs, ArmSet arms)
    {
        ArgumentNullException.ThrowIfNull(greeting);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        (_greeting, _children, _arms) = (greeting, children, arms.Count());
        (Pairs, Arms) = (pairs, arms);
        var layout = new CallLayout(greeting.Layout.Length, greeting.StateBytes, greeting.StateVaries);
        _states = new LaneStates(greeting, pairs, _arms);
        _call = new LaneCall(layout, _states);
        _queue = new SegmentQueue(pairs);
        _mostLanes = (int)Math.Clamp(MostBytesOfCall / layout.BytesOfLane, 1, greeting.Lanes);
    }

    /// <inheritdoc/>
    public int Pairs { get; }

    /// <inheritdoc/>
    public ArmSet Arms { get; }

    /// <inheritdoc/>
    public int StateBytesPerPair => _states.BytesPerPair;

    /// <inheritdoc/>
    public void Reset(int pair, Trajectory trajectory, ArmThetas<float> thetas)
    {
        _lanes.Clear();
        AddLanes(new WindowSegment(new Segment(pair, trajectory.Key, 0, 0, LossTime.BeforeUpdate, 0), trajectory, pair), []);
        Run(thetas, []);
    }

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses) =>
        Advance(_queue.OfWindow(segments), thetas, losses);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        _queue.Fill(segments);
        bool isMore;
        do
        {
            _lanes.Clear();
            isMore = false;
            for (var pair = 0; pair < Pairs; pair++)
            {
                if (_queue.TryTake(pair, out var segment))
                {
                    AddLanes(segments[segment], losses);
                    isMore = true;
                }
            }

            Run(thetas, losses);
        }
        while (isMore);
    }

    /// <inheritdoc/>
    /// <remarks>A child that does not evaluate runs one step on copies of the states for each batch, as a step function
    /// does.</remarks>
    public void Evaluate(int pair, ArmThetas<float> thetas, EvaluationKey key, Span<StepLoss> losses)
    {
        _lanes.Clear();
        var calls = _greeting.Evaluates ? 1 : key.Batches;
        for (var arm = 0; arm < _arms; arm++)
        {
            losses[arm] = new StepLoss(0, _states.IsFrozen(pair, arm));
            for (var call = 0; call < calls && !losses[arm].Diverged; call++)
            {
                _lanes.Add(new CalledLane(
                    pair, arm, pair, key.Trajectory, key.FirstBatch + call, key.Batches / calls, Horizon: 0,
                    _greeting.Evaluates ? key.Split : default, LossOffset: arm));
            }
        }

        Measure(thetas, losses);
        for (var arm = 0; arm < _arms; arm++)
        {
            var mean = losses[arm].Loss / calls;
            losses[arm] = new StepLoss(mean, losses[arm].Diverged || !double.IsFinite(mean));
        }
    }

    /// <inheritdoc/>
    public void ForkFromCentre(int pair)
    {
        if (Arms != ArmSet.AntitheticAndCentre)
        {
            throw new InvalidOperationException("these pairs have no centre lane");
        }

        _states.Copy(pair, Arms.IndexOf(Arm.Centre), Arms.IndexOf(Arm.Positive));
        _states.Copy(pair, Arms.IndexOf(Arm.Centre), Arms.IndexOf(Arm.Negative));
    }

    /// <inheritdoc/>
    public void ForkFromPositive(int pair) => _states.Copy(pair, Arms.IndexOf(Arm.Positive), Arms.IndexOf(Arm.Negative));

    /// <inheritdoc/>
    public void Save(int pair, Span<byte> destination) => _states.Save(pair, destination);

    /// <inheritdoc/>
    public void Load(int pair, ReadOnlySpan<byte> source) => _states.Load(pair, source);

    /// <inheritdoc/>
    /// <remarks>Only the child knows what its bytes mean: they are shown as numbers from 0 to 255.</remarks>
    public IReadOnlyList<NamedTensor<float>> Inspect(int pair, Arm arm)
    {
        var state = _states[pair, Arms.IndexOf(arm)];
        var values = new float[state.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = state[i];
        }

        return [new("state bytes", [values.Length], values)];
    }

    /// <inheritdoc/>
    public bool IsFrozen(int pair, Arm arm) => _states.IsFrozen(pair, Arms.IndexOf(arm));

    /// <inheritdoc/>
    /// <remarks>What a trajectory has drawn is in its state, if anywhere.</remarks>
    public IReadOnlyList<NamedTensor<float>> InspectSample(TrajectoryKey trajectory) => [];

    /// <inheritdoc/>
    public void Dispose()
    {
        // Managed arrays only: nothing to free.
    }

    // Lanes that have diverged are not sent: their losses are known.
    private void AddLanes(WindowSegment part, Span<StepLoss> losses)
    {
        var segment = part.Segment;
        for (var arm = 0; arm < _arms; arm++)
        {
            if (part.Begins is null && _states.IsFrozen(segment.Pair, arm))
            {
                for (var step = 0; step < segment.Steps; step++)
                {
                    losses[segment.LossOffset + (step * _arms) + arm] = new StepLoss(0, Diverged: true);
                }
            }
            else
            {
                _lanes.Add(new CalledLane(
                    segment.Pair, arm, part.Thetas, segment.Key, segment.FirstStep, segment.Steps,
                    part.Begins?.Horizon ?? 0, default, segment.LossOffset + arm));
            }
        }
    }

    private void Run(ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        for (var first = 0; first < _lanes.Count; first += _mostLanes)
        {
            var lanes = Chunk(first);
            var child = _children.Rent();
            try
            {
                Take(child, lanes, _call.Ask(child, FrameKind.Advance, lanes, thetas), losses);
            }
            finally
            {
                _children.Return(child);
            }
        }
    }

    // Adds what is measured to the losses.
    private void Measure(ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        var kind = _greeting.Evaluates ? FrameKind.Evaluate : FrameKind.Advance;
        for (var first = 0; first < _lanes.Count; first += _mostLanes)
        {
            var lanes = Chunk(first);
            var child = _children.Rent();
            try
            {
                var answer = _call.Ask(child, kind, lanes, thetas);
                for (var i = 0; i < lanes.Length; i++)
                {
                    ref var sum = ref losses[lanes[i].LossOffset];
                    sum = sum with { Loss = sum.Loss + answer.Loss(i) };
                }
            }
            finally
            {
                _children.Return(child);
            }
        }
    }

    private ReadOnlySpan<CalledLane> Chunk(int first) =>
        CollectionsMarshal.AsSpan(_lanes)[first..Math.Min(first + _mostLanes, _lanes.Count)];

    private void Take(ChildProcess child, ReadOnlySpan<CalledLane> lanes, LaneCall.Answer answer, Span<StepLoss> losses)
    {
        var next = 0;
        for (var i = 0; i < lanes.Length; i++)
        {
            var lane = lanes[i];
            var isFrozen = false;
            for (var step = 0; step < lane.Steps; step++)
            {
                var loss = isFrozen ? 0 : answer.Loss(next + step);
                isFrozen |= !double.IsFinite(loss);
                losses[lane.LossOffset + (step * _arms)] = new StepLoss(loss, isFrozen);
            }

            next += lane.Steps;
            if (answer.StateLength(i) > _greeting.StateBytes)
            {
                throw child.Fault(
                    $"answered with a state of {answer.StateLength(i)} bytes; its greeting allows {_greeting.StateBytes}",
                    LaneCall.Place(lanes[i..]));
            }

            if (isFrozen)
            {
                _states.Freeze(lane.Pair, lane.Arm);
            }
            else
            {
                _states.Set(lane.Pair, lane.Arm, answer.State(i));
            }
        }
    }
}
