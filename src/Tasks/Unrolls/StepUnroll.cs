using System.Numerics;
using System.Runtime.InteropServices;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Unrolls;

/// <summary>Unrolls a step function: lanes are plain arrays, stepped one after the other.</summary>
public sealed class StepUnroll<T> : IWindowUnroll<T>, IInspectableUnroll<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly IStepFunction<T> _step;
    private readonly T[] _states;
    private readonly bool[] _frozen;
    private readonly int _arms;

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public StepUnroll(IStepFunction<T> step, int pairs, ArmSet arms)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        _step = step;
        _arms = arms.Count();
        _states = new T[pairs * _arms * step.StateLength];
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

    private int LaneBytes => 1 + (_step.StateLength * Marshal.SizeOf<T>());

    /// <inheritdoc/>
    public void Reset(int pair, Trajectory trajectory, ArmThetas<T> thetas) =>
        Reset(pair, trajectory, thetas, row: pair);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<T> thetas, Span<StepLoss> losses)
    {
        foreach (var segment in segments)
        {
            Run(segment, thetas, segment.Pair, losses);
        }
    }

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<T> thetas, Span<StepLoss> losses)
    {
        foreach (var part in segments)
        {
            if (part.Begins is { } trajectory)
            {
                Reset(part.Segment.Pair, trajectory, thetas, part.Thetas);
            }

            Run(part.Segment, thetas, part.Thetas, losses);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A step function has no data to hold out: the loss is that of one more step on a copy of the
    /// state.</remarks>
    public void Evaluate(int pair, ArmThetas<T> thetas, EvaluationKey key, Span<StepLoss> losses)
    {
        var copy = new T[_step.StateLength];
        for (var arm = 0; arm < _arms; arm++)
        {
            var sum = 0.0;
            for (var batch = 0; batch < key.Batches; batch++)
            {
                State(pair, arm).CopyTo(copy);
                sum += double.CreateChecked(
                    _step.Step(thetas[pair, arm], key.Trajectory.At(key.FirstBatch + batch), copy));
            }

            losses[arm] = new StepLoss(sum / key.Batches, Frozen(pair, arm) || !double.IsFinite(sum));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<T>> Inspect(int pair, Arm arm) =>
        [new("state", [_step.StateLength], State(pair, Arms.IndexOf(arm)).ToArray())];

    /// <inheritdoc/>
    public bool IsFrozen(int pair, Arm arm) => Frozen(pair, Arms.IndexOf(arm));

    /// <inheritdoc/>
    /// <remarks>A step function keeps what a trajectory has drawn in its state.</remarks>
    public IReadOnlyList<NamedTensor<T>> InspectSample(TrajectoryKey trajectory) => [];

    /// <inheritdoc/>
    public void ForkFromCentre(int pair)
    {
        if (Arms != ArmSet.AntitheticAndCentre)
        {
            throw new InvalidOperationException("these pairs have no centre lane");
        }

        CopyLane(pair, Arm.Centre, Arm.Positive);
        CopyLane(pair, Arm.Centre, Arm.Negative);
    }

    /// <inheritdoc/>
    public void ForkFromPositive(int pair) => CopyLane(pair, Arm.Positive, Arm.Negative);

    /// <inheritdoc/>
    public void Save(int pair, Span<byte> destination)
    {
        for (var arm = 0; arm < _arms; arm++)
        {
            var lane = destination.Slice(arm * LaneBytes, LaneBytes);
            lane[0] = Frozen(pair, arm) ? (byte)1 : (byte)0;
            FlatBytes.Write<T>(State(pair, arm), lane[1..]);
        }
    }

    /// <inheritdoc/>
    public void Load(int pair, ReadOnlySpan<byte> source)
    {
        for (var arm = 0; arm < _arms; arm++)
        {
            var lane = source.Slice(arm * LaneBytes, LaneBytes);
            Frozen(pair, arm) = lane[0] != 0;
            FlatBytes.Read(lane[1..], State(pair, arm));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Managed arrays only: nothing to free.
    }

    /// <summary>The state of one lane, for inspection.</summary>
    public ReadOnlySpan<T> State(int pair, Arm arm) => State(pair, Arms.IndexOf(arm));

    internal void Reset(int pair, Trajectory trajectory, ArmThetas<T> thetas, int row)
    {
        for (var arm = 0; arm < _arms; arm++)
        {
            var state = State(pair, arm);
            state.Clear();
            _step.Initialise(thetas[row, arm], trajectory, state);
            Frozen(pair, arm) = false;
        }
    }

    internal void Run(Segment segment, ArmThetas<T> thetas, int row, Span<StepLoss> losses)
    {
        for (var s = 0; s < segment.Steps; s++)
        {
            var key = segment.Key.At(segment.FirstStep + s);
            for (var arm = 0; arm < _arms; arm++)
            {
                ref var frozen = ref Frozen(segment.Pair, arm);
                var loss = 0.0;
                if (!frozen)
                {
                    loss = double.CreateChecked(_step.Step(thetas[row, arm], key, State(segment.Pair, arm)));
                    frozen = !double.IsFinite(loss);
                }

                losses[segment.LossOffset + (s * _arms) + arm] = new StepLoss(loss, frozen);
            }
        }
    }

    private void CopyLane(int pair, Arm from, Arm to)
    {
        State(pair, from).CopyTo(State(pair, Arms.IndexOf(to)));
        Frozen(pair, Arms.IndexOf(to)) = IsFrozen(pair, from);
    }

    internal Span<T> State(int pair, int arm) =>
        _states.AsSpan(((pair * _arms) + arm) * _step.StateLength, _step.StateLength);

    internal ref bool Frozen(int pair, int arm) => ref _frozen[(pair * _arms) + arm];
}
