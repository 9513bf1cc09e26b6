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
/// Unrolls an optimizer on quadratics on a device: a window is one launch. The bits, and the saved bytes, are those of
/// <see cref="LaneUnroll"/>.
/// </summary>
/// <remarks>
/// Lanes live on the device while they step, and where <see cref="OptimizedUnroll"/> knows them when something else asks for
/// them. Initial parameters and centres are drawn there, before the window in which their trajectory begins.
/// </remarks>
internal sealed class DeviceQuadraticUnroll : OptimizedUnroll, IWindowUnroll<float>
{
    private readonly QuadraticProblem _problem;
    private readonly PairWindow<QuadraticPart> _window;
    private readonly List<float> _loaded = [];
    private readonly List<NormalKey> _drawn = [];
    private readonly IQuadraticLanes _there;
    private readonly WindowMemory<double> _memory;
    private readonly GrowingBuffer _normals;
    private readonly PairSides _sides;
    private readonly TrajectoryKey?[] _centres;
    private AlignedBuffer? _lanes;

    /// <summary>Creates the lanes of <paramref name="pairs"/> pairs.</summary>
    public DeviceQuadraticUnroll(QuadraticProblem problem, int pairs, ArmSet arms)
        : base(problem.Problem, pairs, arms)
    {
        _problem = problem;
        _there = problem.CreateLanes(pairs * ArmCount);
        _window = new PairWindow<QuadraticPart>(pairs, ArmCount, _there.Prepare);
        _sides = new PairSides(pairs);
        _centres = new TrajectoryKey?[pairs];
        _memory = new WindowMemory<double>(problem.Device, checked(pairs * ArmCount * _there.Stride), inputs: 5);
        _normals = new GrowingBuffer(problem.Device);
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
        _window.Report(segments, Run(), ofFrozen: double.NaN, Frozen, losses);
        _sides.ChangeThere(_window.Jobs);
    }

    /// <inheritdoc/>
    protected override void Open(int pair)
    {
        if (_sides.AnyIsNewerThere)
        {
            Fetch();
        }

        // Who asks for a lane may change it.
        _sides.ChangeHere(pair);
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        _there.Dispose();
        _normals.Dispose();
        _memory.Dispose();
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
        else if (isFirst && _sides.IsNewerHere(pair))
        {
            about.Loaded = _loaded.Count / (ArmCount * _there.Numbers);
            for (var arm = 0; arm < ArmCount; arm++)
            {
                _there.Pack(Place(pair, arm), More(_loaded, _there.Numbers));
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

    private ReadOnlySpan<double> Run()
    {
        _memory.Prepare(_window.Losses);
        _memory.Upload(0, _window.Jobs);
        _memory.Upload(1, _window.Parts);
        _memory.Upload(2, _window.Thetas);
        _memory.Upload<float>(3, CollectionsMarshal.AsSpan(_loaded));
        _memory.Upload<NormalKey>(4, CollectionsMarshal.AsSpan(_drawn));
        _normals.Sized((long)_drawn.Count * ParameterCount * sizeof(float));
        Initials.Draw(
            _problem.Device, _memory.Stream, "initial_normals", _drawn.Count, ParameterCount,
            [_memory.Input(4), _normals.Address, (ulong)ParameterCount]);
        var jobs = _window.Jobs.Length;
        _there.Launch(
            _memory.Stream, jobs * ArmCount,
            [
                _memory.Input(0), _memory.Input(1), _memory.Input(2), _normals.Address, _memory.Input(3), _normals.Address, _memory.States,
                _memory.Results, (ulong)jobs, (ulong)ArmCount, (ulong)((long)Pairs * ArmCount), (ulong)ParameterCount,
            ]);
        return _memory.Losses(_window.Losses);
    }

    // Brings the lanes here that are newer there.
    private void Fetch()
    {
        var values = _memory.ReadStates();
        for (var lane = 0; lane < Pairs * ArmCount; lane++)
        {
            if (_sides.IsNewerThere(lane / ArmCount))
            {
                _there.Unpack(values, lane, Place(lane / ArmCount, lane % ArmCount));
            }
        }

        _sides.BringHere();
    }
}
