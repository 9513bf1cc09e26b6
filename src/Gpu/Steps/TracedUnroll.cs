using System.Runtime.InteropServices;
using Involute.Gpu.Driver;
using Involute.Gpu.Windows;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Steps;

/// <summary>
/// Unrolls a step function on a device: each lane is a thread, a window is one launch. The bits, and the saved bytes, are those
/// of <see cref="StepUnroll{T}"/>.
/// </summary>
/// <remarks>
/// States live on the device while they step, and in a <see cref="StepUnroll{T}"/> when something asks for them. Which lanes are
/// frozen that one always knows: it follows from their losses.
/// </remarks>
internal sealed class TracedUnroll : IWindowUnroll<float>, IInspectableUnroll<float>
{
    private readonly TracedProblem _problem;
    private readonly StepUnroll<float> _lanes;
    private readonly TableKeys? _tables;
    private readonly PairWindow<StepPart> _window;
    private readonly List<float> _initials = [];
    private readonly List<float> _worked = [];
    private readonly WindowMemory<float> _memory;
    private readonly GrowingBuffer _values;
    private readonly PairSides _sides;
    private readonly int _stateLength;
    private readonly int _arms;

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public TracedUnroll(TracedProblem problem, int pairs, ArmSet arms)
    {
        _problem = problem;
        _lanes = new StepUnroll<float>(problem.Step, pairs, arms);
        _tables = problem.Program.Tables > 0 ? new TableKeys(problem.Step, problem.Program.Tables) : null;
        (_arms, _stateLength) = (arms.Count(), problem.Step.StateLength);
        _window = new PairWindow<StepPart>(pairs, _arms);
        _sides = new PairSides(pairs);
        _memory = new WindowMemory<float>(problem.Device, checked(pairs * _arms * _stateLength), inputs: 5);
        _values = new GrowingBuffer(problem.Device);
    }

    /// <inheritdoc/>
    public int Pairs => _lanes.Pairs;

    /// <inheritdoc/>
    public ArmSet Arms => _lanes.Arms;

    /// <inheritdoc/>
    public int StateBytesPerPair => _lanes.StateBytesPerPair;

    /// <inheritdoc/>
    public void Reset(int pair, Trajectory trajectory, ArmThetas<float> thetas)
    {
        _lanes.Reset(pair, trajectory, thetas);
        _sides.ChangeHere(pair);
    }

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses) =>
        Advance(_window.OfWindow(segments), thetas, losses);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        if (segments.IsEmpty)
        {
            return;
        }

        _initials.Clear();
        _worked.Clear();
        _window.Fill(segments, thetas, _lanes.Frozen, Begin);
        _window.Report(segments, Run(), ofFrozen: 0, _lanes.Frozen, losses);
        _sides.ChangeThere(_window.Jobs);
    }

    /// <inheritdoc/>
    public void Evaluate(int pair, ArmThetas<float> thetas, EvaluationKey key, Span<StepLoss> losses)
    {
        Fetch();
        _lanes.Evaluate(pair, thetas, key, losses);
    }

    /// <inheritdoc/>
    public void ForkFromCentre(int pair)
    {
        Fetch();
        _lanes.ForkFromCentre(pair);
        _sides.ChangeHere(pair);
    }

    /// <inheritdoc/>
    public void ForkFromPositive(int pair)
    {
        Fetch();
        _lanes.ForkFromPositive(pair);
        _sides.ChangeHere(pair);
    }

    /// <inheritdoc/>
    public void Save(int pair, Span<byte> destination)
    {
        Fetch();
        _lanes.Save(pair, destination);
    }

    /// <inheritdoc/>
    public void Load(int pair, ReadOnlySpan<byte> source)
    {
        _lanes.Load(pair, source);
        _sides.ChangeHere(pair);
    }

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<float>> Inspect(int pair, Arm arm)
    {
        Fetch();
        return _lanes.Inspect(pair, arm);
    }

    /// <inheritdoc/>
    public bool IsFrozen(int pair, Arm arm) => _lanes.IsFrozen(pair, arm);

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<float>> InspectSample(TrajectoryKey trajectory) => _lanes.InspectSample(trajectory);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lanes.Dispose();
        _values.Dispose();
        _memory.Dispose();
    }

    private StepPart Begin(in WindowSegment part, bool isFirst, ArmThetas<float> thetas)
    {
        var (segment, key) = (part.Segment, part.Segment.Key);
        var about = new StepPart
        {
            Seed0 = (uint)key.Seed,
            Seed1 = (uint)((ulong)key.Seed >> 32),
            Trajectory = key.Trajectory,
            Pair = (uint)key.Pair,
            FirstStep = (uint)segment.FirstStep,
            Initial = -1,
            Tables = _worked.Count,
        };
        if (part.Begins is { } trajectory)
        {
            // The state before it is the device's own: what is here is not needed any more.
            _lanes.Reset(segment.Pair, trajectory, thetas, part.Thetas);
        }

        if (part.Begins is not null || (isFirst && _sides.IsNewerHere(segment.Pair)))
        {
            about.Initial = _initials.Count / Math.Max(1, _arms * _stateLength);
            for (var arm = 0; arm < _arms; arm++)
            {
                _initials.AddRange(_lanes.State(segment.Pair, arm));
            }
        }

        for (var s = 0; s < segment.Steps && _tables is not null; s++)
        {
            _worked.AddRange(_tables.At(key.At(segment.FirstStep + s)));
        }

        return about;
    }

    private ReadOnlySpan<float> Run()
    {
        _memory.Prepare(_window.Losses);
        _memory.Upload(0, _window.Jobs);
        _memory.Upload(1, _window.Parts);
        _memory.Upload(2, _window.Thetas);
        _memory.Upload<float>(3, CollectionsMarshal.AsSpan(_initials));
        _memory.Upload<float>(4, CollectionsMarshal.AsSpan(_worked));
        _problem.Kernel.Launch(
            _memory.Stream, _window.Jobs.Length, _arms, (long)Pairs * _arms, _values,
            [.. Enumerable.Range(0, 5).Select(_memory.Input), _memory.States, _memory.Results]);
        return _memory.Losses(_window.Losses);
    }

    // Brings the states here that are newer there.
    private void Fetch()
    {
        if (!_sides.AnyIsNewerThere)
        {
            return;
        }

        var (lanes, values) = (Pairs * _arms, _memory.ReadStates());
        for (var lane = 0; lane < lanes; lane++)
        {
            if (_sides.IsNewerThere(lane / _arms))
            {
                var state = _lanes.State(lane / _arms, lane % _arms);
                for (var i = 0; i < state.Length; i++)
                {
                    state[i] = values[(i * lanes) + lane];
                }
            }
        }

        _sides.BringHere();
    }
}
