using System.Runtime.InteropServices;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Native;
using Involute.Torch.Optimizers;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Adjoint;

/// <summary>
/// Lanes of a learned optimizer on a task that go forwards as in any other run, and backwards by torch.
/// </summary>
/// <remarks>
/// The steps of the unperturbed lane are taken one at a time, and its state before each is kept; losses and saved bytes
/// are those of the task's own unroll, bit for bit. At the end of a window torch computes the steps' graphs, all pairs
/// of the block side by side, and goes from the last step to the first. How lanes are stacked depends on schedules and
/// divergences alone.
/// </remarks>
internal sealed class TorchAdjointUnroll : IAdjointUnroll<float>, IInspectableUnroll<float>
{
    // States of one pair's lane: what a window of hundreds of steps of a small network takes.
    private const long MostStateBytes = 64 << 20;

    private const int LeastStates = 8;

    private readonly OptimizedTask _problem;
    private readonly TorchTask _task;
    private readonly IStackedOptimizer _optimizer;
    private readonly IUnroll<float> _lanes;
    private readonly List<LaneTape>[] _tapes;
    private readonly Stack<LaneTape> _idle = [];
    private readonly float[] _thetas;
    private readonly byte[] _bytes;
    private readonly GraphSize _graph;
    private readonly int _centre;
    private readonly int _arms;
    private IUnroll<float>? _again;
    private LossTime _time;

    /// <summary>Creates the lanes.</summary>
    /// <param name="problem">Task and optimizer.</param>
    /// <param name="task">The task as torch computes it.</param>
    /// <param name="optimizer">The optimizer as torch computes it.</param>
    /// <param name="pairs">Number of pairs.</param>
    /// <param name="arms">With the unperturbed lane.</param>
    /// <param name="allocated">
    /// Bytes that tensors take, or null where that cannot be asked: see <see cref="GraphSize"/>. That of the C library, if
    /// absent.
    /// </param>
    public TorchAdjointUnroll(
        OptimizedTask problem, TorchTask task, IStackedOptimizer optimizer, int pairs, ArmSet arms,
        Func<long?>? allocated = null)
    {
        _centre = arms.IndexOf(Arm.Centre);
        _arms = arms.Count();
        (_problem, _task, _optimizer) = (problem, task, optimizer);
        _lanes = problem.CreateUnroll(pairs, arms);
        _tapes = [.. Enumerable.Range(0, pairs).Select(_ => new List<LaneTape>())];
        _thetas = new float[pairs * problem.Layout.Length];
        _bytes = new byte[_lanes.StateBytesPerPair];
        _graph = new GraphSize(
            allocated ?? (() => task.Place.Device == TorchDevice.Cpu ? AllocatedMemory.Bytes() : null),
            (LaneLength + problem.Layout.Length) * sizeof(float));
    }

    /// <inheritdoc/>
    public int Pairs => _lanes.Pairs;

    /// <inheritdoc/>
    public ArmSet Arms => _lanes.Arms;

    /// <inheritdoc/>
    public int StateBytesPerPair => _lanes.StateBytesPerPair;

    // A flag, then the floats.
    private int LaneLength => (StateBytesPerPair / _arms / sizeof(float)) - 1;

    private int StateOffset =>
        AlignedBuffer.Padded(_problem.Task.Parameters[^1].Offset + _problem.Task.Parameters[^1].Length);

    /// <inheritdoc/>
    public void Reset(int pair, Trajectory trajectory, ArmThetas<float> thetas)
    {
        _lanes.Reset(pair, trajectory, thetas);
        _tapes[pair].Add(Tape(trajectory.Key, firstStep: 0));
    }

    /// <inheritdoc/>
    public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
    {
        var length = _problem.Layout.Length;
        var steps = 0;
        foreach (var segment in segments)
        {
            steps = Math.Max(steps, segment.Steps);
            _time = segment.LossTime;
            thetas[segment.Pair, _centre].CopyTo(_thetas.AsSpan(segment.Pair * length, length));
            var tapes = _tapes[segment.Pair];
            if (tapes.Count == 0)
            {
                tapes.Add(Tape(segment.Key, segment.FirstStep));
            }
        }

        var now = new Segment[segments.Length];
        for (var step = 0; step < steps; step++)
        {
            var count = 0;
            foreach (var segment in segments)
            {
                if (segment.Steps > step)
                {
                    _tapes[segment.Pair][^1].States.Add(Centre(segment.Pair));
                    now[count++] = segment with
                    {
                        FirstStep = segment.FirstStep + step,
                        Steps = 1,
                        LossOffset = segment.LossOffset + (step * _arms),
                    };
                }
            }

            _lanes.Advance(now.AsSpan(0, count), thetas, losses);
            foreach (var segment in now.AsSpan(0, count))
            {
                _tapes[segment.Pair][^1].Add(_problem, losses[segment.LossOffset + _centre]);
            }
        }
    }

    /// <inheritdoc/>
    public void Differentiate(ReadOnlySpan<LossTerm> terms, Span<double> sums)
    {
        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        var lanes = Counted(terms);
        if (lanes.Count > 0)
        {
            var length = _problem.Layout.Length;
            var thetas = new float[lanes.Count * length];
            for (var i = 0; i < lanes.Count; i++)
            {
                _thetas.AsSpan(lanes[i].Pair * length, length).CopyTo(thetas.AsSpan(i * length));
            }

            var slopes = Slopes(lanes, tensor(thetas).view(lanes.Count, length).to(_task.Place.Ready()))
                .cpu().data<double>();
            for (var i = 0; i < lanes.Count; i++)
            {
                for (var element = 0; element < length; element++)
                {
                    sums[(lanes[i].Sum * length) + element] += slopes[(i * length) + element];
                }
            }
        }

        foreach (var tapes in _tapes)
        {
            Forget(tapes);
        }
    }

    /// <inheritdoc/>
    public void Evaluate(int pair, ArmThetas<float> thetas, EvaluationKey key, Span<StepLoss> losses) =>
        _lanes.Evaluate(pair, thetas, key, losses);

    /// <inheritdoc/>
    public void ForkFromCentre(int pair) => _lanes.ForkFromCentre(pair);

    /// <inheritdoc/>
    public void ForkFromPositive(int pair) => _lanes.ForkFromPositive(pair);

    /// <inheritdoc/>
    public void Save(int pair, Span<byte> destination) => _lanes.Save(pair, destination);

    /// <inheritdoc/>
    public void Load(int pair, ReadOnlySpan<byte> source)
    {
        _lanes.Load(pair, source);
        Forget(_tapes[pair]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<float>> Inspect(int pair, Arm arm) =>
        (_lanes as IInspectableUnroll<float>)?.Inspect(pair, arm) ?? [];

    /// <inheritdoc/>
    public bool IsFrozen(int pair, Arm arm) => (_lanes as IInspectableUnroll<float>)?.IsFrozen(pair, arm) ?? false;

    /// <inheritdoc/>
    public IReadOnlyList<NamedTensor<float>> InspectSample(TrajectoryKey trajectory) =>
        _problem.Task.DescribeSample(trajectory);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lanes.Dispose();
        _again?.Dispose();
    }

    // By one graph of the window when it fits, or else by one of each step: the same bits.
    private Tensor Slopes(List<TapedLane> lanes, Tensor thetas)
    {
        var step = new UnrollStep(_task, _optimizer, _time);
        var window = new TapedWindow(_task, lanes, _time, StateOffset, LaneLength);
        return _graph.Fits(lanes.Sum(lane => (long)lane.Steps))
            ? WindowAdjoint.WholeGraph(step, thetas, window)
            : WindowAdjoint.StepByStep(step, thetas, window, _graph.IsKnown ? null : _graph);
    }

    // What there is to go back through: each trajectory of each pair once for each sum, the longest first.
    private List<TapedLane> Counted(ReadOnlySpan<LossTerm> terms)
    {
        var weights = new Dictionary<(LaneTape Tape, int Sum), (int Pair, double[] Weights)>();
        foreach (var term in terms)
        {
            var tape = _tapes[term.Segment.Pair].Find(tape => tape.Key == term.Segment.Key)
                ?? throw new ArgumentException($"no step of {term.Segment} is remembered", nameof(terms));
            if (!weights.TryGetValue((tape, term.Sum), out var counted))
            {
                weights[(tape, term.Sum)] = counted = (term.Segment.Pair, tape.NoWeights());
            }

            tape.AddWeights(term, counted.Weights);
        }

        return
        [
            .. weights.Select(entry => new TapedLane(
                    entry.Key.Tape, entry.Value.Weights,
                    Array.FindLastIndex(entry.Value.Weights, weight => weight != 0) + 1, entry.Value.Pair, entry.Key.Sum))
                .Where(lane => lane.Steps > 0)
                .OrderByDescending(lane => lane.Steps).ThenBy(lane => lane.Sum),
        ];
    }

    private LaneTape Tape(TrajectoryKey key, int firstStep)
    {
        var most = Math.Max(LeastStates, MostStateBytes / (LaneLength * sizeof(float)));
        var tape = _idle.TryPop(out var idle) ? idle : NewTape((int)Math.Min(most, int.MaxValue));
        tape.Begin(key, firstStep);
        return tape;
    }

    private LaneTape NewTape(int most)
    {
        LaneTape? tape = null;
        tape = new LaneTape(new StateTape(LaneLength, most, (step, from, rows) => Again(tape!, step, from, rows)));
        return tape;
    }

    private void Forget(List<LaneTape> tapes)
    {
        tapes.ForEach(_idle.Push);
        tapes.Clear();
    }

    private Span<float> Centre(int pair)
    {
        _lanes.Save(pair, _bytes);
        return Floats(_bytes.AsSpan(_centre * (StateBytesPerPair / _arms), StateBytesPerPair / _arms));
    }

    private static Span<float> Floats(Span<byte> lane) => MemoryMarshal.Cast<byte, float>(lane[sizeof(int)..]);

    // States that were dropped, by the task's own unroll once more.
    private void Again(LaneTape tape, int step, float[] from, float[][] rows)
    {
        _again ??= _problem.CreateUnroll(1, ArmSet.CentreOnly);
        var pair = Array.FindIndex(_tapes, tapes => tapes.Contains(tape));
        var length = _problem.Layout.Length;
        var thetas = new ArmThetas<float>(_thetas.AsSpan(pair * length, length), 1, length);
        var bytes = new byte[_again.StateBytesPerPair];
        from.CopyTo(Floats(bytes));
        _again.Load(0, bytes);
        Span<StepLoss> loss = stackalloc StepLoss[1];
        for (var i = 0; i < rows.Length; i++)
        {
            _again.Advance([new Segment(0, tape.Key, tape.FirstStep + step + i, 1, _time, 0)], thetas, loss);
            _again.Save(0, bytes);
            Floats(bytes).CopyTo(rows[i]);
        }
    }
}
