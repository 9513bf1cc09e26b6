using System.Runtime.InteropServices;
using Involute.Gpu.Driver;
using Involute.Gpu.Problems;
using Involute.Gpu.Windows;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Quadratics;

/// <summary>
/// Unrolls an element-wise optimizer on quadratics on a device: each lane is a thread, a window is one launch. The bits, and the
/// saved bytes, are those of <see cref="LaneUnroll"/>.
/// </summary>
/// <remarks>
/// Lanes live on the device while they step, and where <see cref="OptimizedUnroll"/> knows them when something else asks for
/// them. Initial parameters and centres are drawn there, before the window in which their trajectory begins.
/// </remarks>
internal sealed class DeviceQuadraticUnroll : OptimizedUnroll, IWindowUnroll<float>
{
    private readonly QuadraticProblem _problem;
    private readonly QuadraticRule _rule;
    private readonly PairWindow<QuadraticPart> _window;
    private readonly List<float> _loaded = [];
    private readonly List<NormalKey> _drawn = [];
    private readonly DeviceStream _stream;
    private readonly DeviceBuffer _state;
    private readonly GrowingBuffer[] _inputs;
    private readonly GrowingBuffer _normals;
    private readonly GrowingBuffer _results;
    private readonly bool[] _isNewerHere;
    private readonly bool[] _isNewerThere;
    private readonly TrajectoryKey?[] _centres;
    private readonly int _numbers;
    private AlignedBuffer? _lanes;
    private double[] _losses = [];

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public DeviceQuadraticUnroll(QuadraticProblem problem, int pairs, ArmSet arms)
        : base(problem.Problem, pairs, arms)
    {
        (_problem, _rule) = (problem, problem.Rule);
        _numbers = _rule.Numbers(ParameterCount);
        _window = new PairWindow<QuadraticPart>(pairs, ArmCount);
        (_isNewerHere, _isNewerThere) = (new bool[pairs], new bool[pairs]);
        _centres = new TrajectoryKey?[pairs];
        var device = problem.Device;
        _stream = device.CreateStream();
        _state = device.Allocate((long)pairs * ArmCount * (_numbers + ParameterCount) * sizeof(float));
        _inputs = [new(device), new(device), new(device), new(device), new(device)];
        (_normals, _results) = (new GrowingBuffer(device), new GrowingBuffer(device));
    }

    /// <inheritdoc/>
    protected override Span<float> Lanes =>
        (_lanes ??= new AlignedBuffer(checked(Pairs * ArmCount * LaneLength))).Span;

    /// <inheritdoc/>
    public override void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses) =>
        Advance(_window.OfWindow(segments), thetas, losses);

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        if (segments.IsEmpty)
        {
            return;
        }

        _loaded.Clear();
        _drawn.Clear();
        _window.Fill(segments, thetas, Frozen, Begin);
        Run();
        _window.Report<double>(segments, _losses, ofFrozen: double.NaN, Frozen, losses);
        foreach (var job in _window.Jobs)
        {
            _isNewerHere[job.Pair] = false;
            _isNewerThere[job.Pair] = true;
        }
    }

    /// <inheritdoc/>
    protected override void Open(int pair)
    {
        if (_isNewerThere.AsSpan().Contains(true))
        {
            Fetch();
        }

        // Who asks for a lane may change it.
        _isNewerHere[pair] = true;
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        foreach (var input in _inputs)
        {
            input.Dispose();
        }

        _normals.Dispose();
        _results.Dispose();
        _state.Dispose();
        _stream.Dispose();
        _lanes?.Dispose();
    }

    private QuadraticPart Begin(in WindowSegment part, bool isFirst, ArmThetas<float> thetas)
    {
        var (pair, key) = (part.Segment.Pair, part.Segment.Key);
        var about = new QuadraticPart { Fresh = -1, Loaded = -1, Centre = -1, After = part.Segment.LossTime.AfterUpdate ? 1 : 0 };
        if (part.Begins is { } trajectory)
        {
            about.Fresh = _drawn.Count;
            _drawn.Add(new NormalKey(trajectory.Key, RandomStream.ParameterInitialisation));

            // What a loaded state had in its padding ends with its trajectory.
            _lanes?.Span.Slice(pair * ArmCount * LaneLength, ArmCount * LaneLength).Clear();
        }
        else if (isFirst && _isNewerHere[pair])
        {
            about.Loaded = _loaded.Count / (ArmCount * _numbers);
            for (var arm = 0; arm < ArmCount; arm++)
            {
                Pack(Place(pair, arm), More(_loaded, _numbers));
            }
        }

        if (_problem.DrawsCentre && _centres[pair] != key)
        {
            about.Centre = _drawn.Count;
            _drawn.Add(new NormalKey(key, RandomStream.TaskSample));
            _centres[pair] = key;
        }

        return about;
    }

    private static Span<float> More(List<float> list, int count)
    {
        CollectionsMarshal.SetCount(list, list.Count + count);
        var added = CollectionsMarshal.AsSpan(list)[^count..];
        added.Clear();
        return added;
    }

    private Span<float> Place(int pair, int arm) => Lanes.Slice(((pair * ArmCount) + arm) * LaneLength, LaneLength);

    // A lane as the kernel has it. What stands in the first place of the padding stands in all.
    private void Pack(ReadOnlySpan<float> lane, Span<float> numbers)
    {
        var elements = ParameterCount + 1;
        for (var slot = 0; slot <= _rule.Slots; slot++)
        {
            lane.Slice(slot * PaddedParameters, Math.Min(elements, PaddedParameters)).CopyTo(numbers[(slot * elements)..]);
        }

        lane.Slice((1 + _rule.Slots) * PaddedParameters, _rule.Scalars).CopyTo(numbers[((1 + _rule.Slots) * elements)..]);
    }

    private void Run()
    {
        if (_losses.Length < _window.Losses)
        {
            _losses = new double[_window.Losses];
        }

        _results.Sized((long)_window.Losses * sizeof(double));
        _inputs[0].Upload(_stream, _window.Jobs);
        _inputs[1].Upload(_stream, _window.Parts);
        _inputs[2].Upload(_stream, _window.Thetas);
        _inputs[3].Upload<float>(_stream, CollectionsMarshal.AsSpan(_loaded));
        _inputs[4].Upload<NormalKey>(_stream, CollectionsMarshal.AsSpan(_drawn));
        _normals.Sized((long)_drawn.Count * ParameterCount * sizeof(float));
        Initials.Draw(
            _problem.Device, _stream, "initial_normals", _drawn.Count, ParameterCount, [_inputs[4].Address, _normals.Address, (ulong)ParameterCount]);
        var (device, running) = (_problem.Device, (long)_window.Jobs.Length * ArmCount);
        var threads = LaneThreads.Of(running, device.Multiprocessors, _ => true);
        _stream.Launch(
            device.Module(_rule.Module).Kernel(_rule.Kernel(ParameterCount), 0),
            (int)((running + threads - 1) / threads),
            threads,
            [
                _inputs[0].Address, _inputs[1].Address, _inputs[2].Address, _normals.Address, _inputs[3].Address, _normals.Address, _state.Address,
                _results.Address, (ulong)_window.Jobs.Length, (ulong)ArmCount, (ulong)((long)Pairs * ArmCount),
                (ulong)ParameterCount,
            ]);
        _stream.Download(_results.Buffer, 0, _losses.AsSpan(0, _window.Losses));
    }

    // Brings the lanes here that are newer there.
    private void Fetch()
    {
        var (lanes, elements) = (Pairs * ArmCount, ParameterCount + 1);
        var values = new float[checked(lanes * _numbers)];
        _stream.Download<float>(_state, 0, values);
        for (var lane = 0; lane < lanes; lane++)
        {
            if (!_isNewerThere[lane / ArmCount])
            {
                continue;
            }

            var place = Place(lane / ArmCount, lane % ArmCount);
            for (var slot = 0; slot <= _rule.Slots; slot++)
            {
                for (var i = 0; i < PaddedParameters; i++)
                {
                    place[(slot * PaddedParameters) + i] = values[(((slot * elements) + Math.Min(i, ParameterCount)) * lanes) + lane];
                }
            }

            for (var i = 0; i < _rule.Scalars; i++)
            {
                place[((1 + _rule.Slots) * PaddedParameters) + i] = values[((((1 + _rule.Slots) * elements) + i) * lanes) + lane];
            }
        }

        Array.Clear(_isNewerThere);
    }
}
