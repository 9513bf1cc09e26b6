using System.Runtime.InteropServices;
using Involute.Gpu.Driver;
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
    private readonly SegmentQueue _queue;
    private readonly StepWindow _window = new();
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
        _queue = new SegmentQueue(pairs);
        (_arms, _stateLength) = (arms.Count(), problem.Step.StateLength);
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
        Advance(_queue.OfWindow(segments), thetas, losses);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        if (segments.IsEmpty)
        {
            return;
        }

        Collect(segments, thetas);
        Run();
        foreach (var job in _window.Jobs)
        {
            Report(job, segments, losses);
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

    // What the launch needs of the window, pair by pair.
    private void Collect(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas)
    {
        _window.Clear();
        _queue.Fill(segments);
        for (var pair = 0; pair < Pairs; pair++)
        {
            var first = _window.Parts.Count;
            while (_queue.TryTake(pair, out var call))
            {
                Collect(segments[call], call, isFirst: _window.Parts.Count == first, thetas);
            }

            if (_window.Parts.Count > first)
            {
                _window.Jobs.Add(new StepWindow.Job(pair, first, _window.Parts.Count - first, 0));
            }
        }
    }

    private void Collect(in WindowSegment part, int call, bool isFirst, ArmThetas<float> thetas)
    {
        var (segment, initial) = (part.Segment, -1);
        if (part.Begins is { } trajectory)
        {
            // The state before it is the device's own: what is here is not needed any more.
            _lanes.Reset(segment.Pair, trajectory, thetas, part.Thetas);
        }

        if (part.Begins is not null || (isFirst && _isNewerHere[segment.Pair]))
        {
            initial = _window.Initials.Count / Math.Max(1, _arms * _stateLength);
            for (var arm = 0; arm < _arms; arm++)
            {
                _window.Initials.AddRange(_lanes.State(segment.Pair, arm));
            }
        }

        _window.Add(segment, call, initial, isFirst || part.Begins is not null ? Frozen(segment.Pair) : -1, _arms);
        for (var arm = 0; arm < _arms; arm++)
        {
            _window.Thetas.AddRange(thetas[part.Thetas, arm]);
        }

        for (var s = 0; s < segment.Steps && _tables is not null; s++)
        {
            _window.Tables.AddRange(_tables.At(segment.Key.At(segment.FirstStep + s)));
        }
    }

    private int Frozen(int pair)
    {
        var frozen = 0;
        for (var arm = 0; arm < _arms; arm++)
        {
            frozen |= _lanes.Frozen(pair, arm) ? 1 << arm : 0;
        }

        return frozen;
    }

    private void Run()
    {
        var count = checked((int)_window.Losses);
        if (_losses.Length < count)
        {
            _losses = new float[count];
        }

        _results.Sized((long)count * sizeof(float));
        Upload(0, CollectionsMarshal.AsSpan(_window.Jobs));
        Upload(1, CollectionsMarshal.AsSpan(_window.Parts));
        Upload(2, CollectionsMarshal.AsSpan(_window.Thetas));
        Upload(3, CollectionsMarshal.AsSpan(_window.Initials));
        Upload(4, CollectionsMarshal.AsSpan(_window.Tables));
        _problem.Kernel.Launch(
            _stream, _window.Jobs.Count, _arms, (long)Pairs * _arms, _values,
            [
                _inputs[0].Address, _inputs[1].Address, _inputs[2].Address, _inputs[3].Address, _inputs[4].Address, _state.Address,
                _results.Address,
            ]);
        _stream.Download(_results.Buffer, 0, _losses.AsSpan(0, count));
    }

    private void Upload<T>(int input, ReadOnlySpan<T> values)
        where T : unmanaged => _inputs[input].Upload(_stream, values);

    // As StepUnroll: what is not finite is reported once, then zeros.
    private void Report(StepWindow.Job job, ReadOnlySpan<WindowSegment> segments, Span<StepLoss> losses)
    {
        for (var arm = 0; arm < _arms; arm++)
        {
            var isFrozen = false;
            for (var part = job.First; part < job.First + job.Count; part++)
            {
                var (about, segment) = (_window.Parts[part], segments[_window.Calls[part]].Segment);
                isFrozen = about.Frozen < 0 ? isFrozen : (about.Frozen & (1 << arm)) != 0;
                for (var s = 0; s < about.Steps; s++)
                {
                    var loss = isFrozen ? 0 : _losses[about.Losses + (s * _arms) + arm];
                    isFrozen |= !float.IsFinite(loss);
                    losses[segment.LossOffset + (s * _arms) + arm] = new StepLoss(loss, isFrozen);
                }
            }

            _lanes.Frozen(job.Pair, arm) = isFrozen;
        }
    }

    // Brings the states here that are newer there.
    private void Fetch()
    {
        if (!_isNewerThere.AsSpan().Contains(true))
        {
            return;
        }

        var lanes = Pairs * _arms;
        var values = new float[lanes * _stateLength];
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
