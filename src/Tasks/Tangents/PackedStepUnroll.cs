using System.Numerics;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numbers;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Tangents;

/// <summary>
/// Unrolls a packed step function: lanes of neighbouring pairs step side by side as the elements of vectors. The bits, and the
/// saved bytes, are those of <see cref="StepUnroll{T}"/>.
/// </summary>
/// <remarks>
/// A group of lanes runs through its whole window before the next one begins, in pieces that end where a segment of one of its
/// pairs ends. A lane that does not step (it has diverged, or its pair has had its steps) computes what another one computes,
/// so that a step function sees no numbers but those of lanes that step.
/// </remarks>
internal sealed class PackedStepUnroll<T> : IWindowUnroll<T>, IInspectableUnroll<T>
    where T : struct, IFloatingPointIeee754<T>
{
    // What a piece measures before it goes where it belongs: 4 KiB.
    private const int MostSteps = 64;

    private readonly StepLanes _stepLanes;
    private readonly double[] _rows = new double[MostSteps * Packed<T>.Lanes];
    private readonly StepUnroll<T> _lanes;
    private readonly SegmentQueue _queue;
    private readonly PackedKeys<T> _keys;
    private readonly Packed<T>[] _theta;
    private readonly Packed<T>[] _state;
    private readonly Progress[] _progress;
    private readonly int _arms;

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public PackedStepUnroll(IPackedStep<T> step, int pairs, ArmSet arms)
    {
        ArgumentNullException.ThrowIfNull(step);
        _stepLanes = step.Step;
        _lanes = new StepUnroll<T>(step, pairs, arms);
        _queue = new SegmentQueue(pairs);
        _arms = arms.Count();
        _keys = new PackedKeys<T>(_arms);
        _theta = new Packed<T>[step.Layout.Length];
        _state = new Packed<T>[step.StateLength];
        _progress = new Progress[Packed<T>.Lanes / _arms];
    }

    // The step of these numbers: found once, not once a step.
    private delegate Packed<T> StepLanes(
        ReadOnlySpan<Packed<T>> theta, LaneKeys<Packed<T>, T> keys, Span<Packed<T>> state);

    /// <inheritdoc/>
    public int Pairs => _lanes.Pairs;

    /// <inheritdoc/>
    public ArmSet Arms => _lanes.Arms;

    /// <inheritdoc/>
    public int StateBytesPerPair => _lanes.StateBytesPerPair;

    /// <summary>Whether vectors are there for this number type, and several lanes to fill them.</summary>
    public static bool Gains(int pairs, ArmSet arms) =>
        (typeof(T) == typeof(float) || typeof(T) == typeof(double)) && Vector256.IsHardwareAccelerated
            && Math.Min(pairs, Packed<T>.Lanes / arms.Count()) * arms.Count() > 2;

    /// <inheritdoc/>
    public void Reset(int pair, Trajectory trajectory, ArmThetas<T> thetas) => _lanes.Reset(pair, trajectory, thetas);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<T> thetas, Span<StepLoss> losses) =>
        Advance(_queue.OfWindow(segments), thetas, losses);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<T> thetas, Span<StepLoss> losses)
    {
        // An exception of a call before may have left a pair in the middle of a segment.
        Array.Clear(_progress);
        _queue.Fill(segments);
        for (var first = 0; first < Pairs; first += _progress.Length)
        {
            while (BeginPiece(first, segments, thetas) is var steps and > 0)
            {
                RunPiece(first, steps, losses);
                EndPiece(first, steps);
            }
        }
    }

    /// <inheritdoc/>
    public void Evaluate(int pair, ArmThetas<T> thetas, EvaluationKey key, Span<StepLoss> losses) =>
        _lanes.Evaluate(pair, thetas, key, losses);

    /// <inheritdoc/>
    public void ForkFromCentre(int pair) => _lanes.ForkFromCentre(pair);

    /// <inheritdoc/>
    public void ForkFromPositive(int pair) => _lanes.ForkFromPositive(pair);

    /// <inheritdoc/>
    public void Save(int pair, Span<byte> destination) => _lanes.Save(pair, destination);

    /// <inheritdoc/>
    public void Load(int pair, ReadOnlySpan<byte> source) => _lanes.Load(pair, source);

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<T>> Inspect(int pair, Arm arm) => _lanes.Inspect(pair, arm);

    /// <inheritdoc/>
    public bool IsFrozen(int pair, Arm arm) => _lanes.IsFrozen(pair, arm);

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<T>> InspectSample(Involute.Tasks.Randomness.TrajectoryKey trajectory) =>
        _lanes.InspectSample(trajectory);

    /// <inheritdoc/>
    public void Dispose() => _lanes.Dispose();

    // Steps that all pairs of the group with a segment can take together; 0 when there is none.
    private int BeginPiece(int first, ReadOnlySpan<WindowSegment> segments, ArmThetas<T> thetas)
    {
        var steps = 0;
        for (var k = 0; k < _progress.Length && first + k < Pairs; k++)
        {
            if (_progress[k].Left == 0 && _queue.TryTake(first + k, out var next))
            {
                Begin(k, segments[next], thetas);
            }

            var left = _progress[k].Left;
            steps = left == 0 ? steps : Math.Min(left, steps == 0 ? MostSteps : steps);
        }

        if (steps > 0)
        {
            FillRest();
        }

        return steps;
    }

    private void Begin(int k, WindowSegment part, ArmThetas<T> thetas)
    {
        var segment = part.Segment;
        if (part.Begins is { } trajectory)
        {
            _lanes.Reset(segment.Pair, trajectory, thetas, part.Thetas);
        }

        _keys[k] = segment.Key.At(segment.FirstStep);
        var stepping = 0;
        for (var arm = 0; arm < _arms; arm++)
        {
            if (!_lanes.Frozen(segment.Pair, arm))
            {
                stepping |= 1 << arm;
                Set(_theta, (k * _arms) + arm, thetas[part.Thetas, arm]);
                Set(_state, (k * _arms) + arm, _lanes.State(segment.Pair, arm));
            }
        }

        _progress[k] = new Progress { Left = segment.Steps, Offset = segment.LossOffset, Stepping = stepping };
    }

    private void RunPiece(int first, int steps, Span<StepLoss> losses)
    {
        Span<int> frozenAt = stackalloc int[Packed<T>.Lanes];
        for (var k = 0; k < _progress.Length; k++)
        {
            for (var arm = 0; arm < _arms; arm++)
            {
                frozenAt[(k * _arms) + arm] = (_progress[k].Stepping & (1 << arm)) != 0 ? int.MaxValue : -1;
            }
        }

        var goesOn = AnySteps();
        for (var s = 0; s < steps && goesOn; s++, _keys.Next())
        {
            var loss = _stepLanes(_theta, new LaneKeys<Packed<T>, T>(_keys), _state);
            loss.CopyTo(_rows.AsSpan(s * Packed<T>.Lanes));
            if (!Vector256.EqualsAll(loss.Values - loss.Values, Vector256<T>.Zero))
            {
                Freeze(first, s, frozenAt);
                FillRest();
                goesOn = AnySteps();
            }
        }

        for (var k = 0; k < _progress.Length; k++)
        {
            for (var arm = 0; arm < _arms && _progress[k].Left > 0; arm++)
            {
                var lane = (k * _arms) + arm;
                Report(lane, steps, frozenAt[lane], losses[(_progress[k].Offset + arm)..]);
            }
        }
    }

    // What is not finite ends its lane, in the state that the step has made.
    private void Freeze(int first, int step, Span<int> frozenAt)
    {
        for (var lane = 0; lane < _progress.Length * _arms; lane++)
        {
            var (k, arm) = (lane / _arms, lane % _arms);
            if ((_progress[k].Stepping & (1 << arm)) != 0 && !double.IsFinite(_rows[(step * Packed<T>.Lanes) + lane]))
            {
                frozenAt[lane] = step;
                _progress[k].Stepping &= ~(1 << arm);
                Keep(first, k, arm);
                _lanes.Frozen(first + k, arm) = true;
            }
        }
    }

    private void Report(int lane, int steps, int frozenAt, Span<StepLoss> losses)
    {
        for (var step = 0; step < steps; step++)
        {
            var loss = step > frozenAt ? 0 : _rows[(step * Packed<T>.Lanes) + lane];
            losses[step * _arms] = new StepLoss(loss, step >= frozenAt);
        }
    }

    private void EndPiece(int first, int steps)
    {
        for (var k = 0; k < _progress.Length; k++)
        {
            ref var progress = ref _progress[k];
            if (progress.Left == 0)
            {
                continue;
            }

            progress.Left -= steps;
            progress.Offset += steps * _arms;
            for (var arm = 0; arm < _arms && progress.Left == 0; arm++)
            {
                if ((progress.Stepping & (1 << arm)) != 0)
                {
                    Keep(first, k, arm);
                }
            }

            progress.Stepping = progress.Left == 0 ? 0 : progress.Stepping;
        }
    }

    private bool AnySteps()
    {
        var any = 0;
        foreach (var progress in _progress)
        {
            any |= progress.Stepping;
        }

        return any != 0;
    }

    // Lanes that do not step copy one that does, of their own pair if there is one.
    private void FillRest()
    {
        var donor = Array.FindIndex(_progress, progress => progress.Stepping != 0);
        for (var k = 0; donor >= 0 && k < _progress.Length; k++)
        {
            var source = _progress[k].Stepping != 0 ? k : donor;
            if (source != k)
            {
                _keys[k] = _keys[source];
            }

            var from = (source * _arms) + BitOperations.TrailingZeroCount(_progress[source].Stepping);
            for (var arm = 0; arm < _arms; arm++)
            {
                Copy(from, (k * _arms) + arm, isWanted: (_progress[k].Stepping & (1 << arm)) == 0);
            }
        }

        // Lanes that belong to no pair.
        for (var lane = _progress.Length * _arms; donor >= 0 && lane < Packed<T>.Lanes; lane++)
        {
            Copy((donor * _arms) + BitOperations.TrailingZeroCount(_progress[donor].Stepping), lane, isWanted: true);
        }
    }

    private void Copy(int from, int to, bool isWanted)
    {
        if (!isWanted)
        {
            return;
        }

        foreach (ref var number in _theta.AsSpan())
        {
            number = new Packed<T>(number.Values.WithElement(to, number.Values[from]));
        }

        foreach (ref var number in _state.AsSpan())
        {
            number = new Packed<T>(number.Values.WithElement(to, number.Values[from]));
        }
    }

    private static void Set(Packed<T>[] numbers, int lane, ReadOnlySpan<T> values)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = new Packed<T>(numbers[i].Values.WithElement(lane, values[i]));
        }
    }

    private void Keep(int first, int k, int arm)
    {
        var state = _lanes.State(first + k, arm);
        for (var i = 0; i < state.Length; i++)
        {
            state[i] = _state[i].Values[(k * _arms) + arm];
        }
    }

    /// <summary>How far one pair of the group that runs has come.</summary>
    private struct Progress
    {
        /// <summary>Steps left of its segment.</summary>
        public int Left;

        /// <summary>Where its next loss goes.</summary>
        public int Offset;

        /// <summary>Its arms that step, one bit each.</summary>
        public int Stepping;
    }
}
