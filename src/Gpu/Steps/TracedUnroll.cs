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
    private readonly DeviceStream _stream;
    private readonly DeviceBuffer _state;
    private readonly GrowingBuffer[] _inputs;
    private readonly GrowingBuffer _results;
    private readonly GrowingBuffer _values;
    private readonly bool[] _isNewerHere;
    private readonly bool[] _isNewerThere;
    private readonly int _stateLength;
    private readonly int _arms;
    private float[] _losses = [];

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public TracedUnroll(TracedProblem problem, int pairs, ArmSet arms)
    {
        _problem = problem;
        _lanes = new StepUnroll<float>(problem.Step, pairs, arms);
        _tables = problem.Program.Tables > 0 ? new TableKeys(problem.Step, problem.Program.Tables) : null;
        (_arms, _stateLength) = (arms.Count(), problem.Step.StateLength);
        _window = new PairWindow<StepPart>(pairs, _arms);
        (_isNewerHere, _isNewerThere) = (new bool[pairs], new bool[pairs]);
        var device = problem.Device;
        _stream = device.CreateStream();
        _state = device.Allocate(Math.Max(1, (long)pairs * _arms * _stateLength * sizeof(float)));
        _inputs = [new(device), new(device), new(device), new(device), new(device)];
        (_results, _values) = (new GrowingBuffer(device), new GrowingBuffer(device));
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
        ChangedHere(pair);
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
        Run();
        _window.Report<float>(segments, _losses, ofFrozen: 0, _lanes.Frozen, losses);
        foreach (var job in _window.Jobs)
        {
            _isNewerHere[job.Pair] = false;
            _isNewerThere[job.Pair] = true;
        }
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
        ChangedHere(pair);
    }

    /// <inheritdoc/>
    public void ForkFromPositive(int pair)
    {
        Fetch();
        _lanes.ForkFromPositive(pair);
        ChangedHere(pair);
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
        ChangedHere(pair);
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
        foreach (var input in _inputs)
        {
            input.Dispose();
        }

        _results.Dispose();
        _values.Dispose();
        _state.Dispose();
        _stream.Dispose();
    }

    private void ChangedHere(int pair)
    {
        _isNewerHere[pair] = true;
        _isNewerThere[pair] = false;
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

        if (part.Begins is not null || (isFirst && _isNewerHere[segment.Pair]))
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

    private void Run()
    {
        if (_losses.Length < _window.Losses)
        {
            _losses = new float[_window.Losses];
        }

        _results.Sized((long)_window.Losses * sizeof(float));
        _inputs[0].Upload(_stream, _window.Jobs);
        _inputs[1].Upload(_stream, _window.Parts);
        _inputs[2].Upload(_stream, _window.Thetas);
        _inputs[3].Upload<float>(_stream, CollectionsMarshal.AsSpan(_initials));
        _inputs[4].Upload<float>(_stream, CollectionsMarshal.AsSpan(_worked));
        _problem.Kernel.Launch(
            _stream, _window.Jobs.Length, _arms, (long)Pairs * _arms, _values,
            [
                _inputs[0].Address, _inputs[1].Address, _inputs[2].Address, _inputs[3].Address, _inputs[4].Address, _state.Address,
                _results.Address,
            ]);
        _stream.Download(_results.Buffer, 0, _losses.AsSpan(0, _window.Losses));
    }

    // Brings the states here that are newer there.
    private void Fetch()
    {
        if (!_isNewerThere.AsSpan().Contains(true))
        {
            return;
        }

        var lanes = Pairs * _arms;
        var values = new float[checked(lanes * _stateLength)];
        _stream.Download<float>(_state, 0, values);
        for (var pair = 0; pair < Pairs; pair++)
        {
            for (var arm = 0; arm < _arms && _isNewerThere[pair]; arm++)
            {
                var state = _lanes.State(pair, arm);
                for (var i = 0; i < state.Length; i++)
                {
                    state[i] = values[(i * lanes) + (pair * _arms) + arm];
                }
            }

            _isNewerThere[pair] = false;
        }
    }
}
