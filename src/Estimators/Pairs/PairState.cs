using System.Numerics;
using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>
/// The state of one pair actor: for each of its pairs both unroll states, the truncation and the accumulated
/// perturbation. It cuts windows into segments; actors only move it between messages.
/// </summary>
/// <remarks>Not safe for use by two threads at once.</remarks>
public sealed class PairState<T> : IDisposable
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly TrainingPlan<T> _plan;
    private readonly PairLanes<T> _lanes;
    private readonly TruncationCursor[] _cursors;
    private readonly NoiseTrail<T>[] _trails;
    private readonly PairWindow[] _windows;
    private readonly ResetContract _contract;
    private readonly bool _weighsTrajectories;
    private readonly int _offset;

    /// <summary>Creates the pairs of a block before their first window.</summary>
    /// <exception cref="ArgumentException">The estimator runs whole trajectories, and the schedule's never
    /// end.</exception>
    /// <exception cref="NotSupportedException">The estimator differentiates the unroll, and the problem
    /// cannot.</exception>
    public PairState(TrainingPlan<T> plan, PairBlock block)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        Block = block;

        var needs = plan.Estimator.Needs;
        var carries = needs.Carry != Carry.Nothing;
        _contract = plan.Reset;

        // A mean over a whole trajectory has 1 / H in it already: a weight of E[H] / H would count long ones too
        // little.
        _weighsTrajectories = plan.Windows.Normalisation == Normalisation.TrajectoryMean
            && (carries || plan.Windows.WindowLoss == WindowLoss.Sum);
        _offset = carries ? plan.Windows.InitialOffset : 0;
        _cursors = [.. Enumerable.Range(block.First, block.Count).Select(
            pair => TruncationCursor.Initial(plan.Windows.Seed, pair, _offset, plan.Schedule, _contract))];
        var trail = needs.Trail ? plan.ThetaLength : 0;
        var tangents = needs.Tangents == TangentSpan.None ? 0 : plan.ThetaLength;
        _trails = [.. _cursors.Select(_ => new NoiseTrail<T>(trail, needs.Scalars))];
        _windows = [.. _cursors.Select(_ => new PairWindow(plan.Windows.WindowLoss, tangents))];
        if (!carries && Array.Exists(_cursors, cursor => cursor.Horizon == int.MaxValue))
        {
            throw new ArgumentException(
                $"estimator {plan.Estimator.Name} runs whole trajectories; {plan.Schedule.Name} ones never end");
        }

        _lanes = new PairLanes<T>(plan, block.Count);
    }

    /// <summary>The pairs.</summary>
    public PairBlock Block { get; }

    /// <summary>Where each pair stands.</summary>
    public IReadOnlyList<TruncationCursor> Cursors => _cursors;

    /// <summary>
    /// The accumulated perturbation of a pair, by its index in the block; empty if the estimator keeps none.
    /// </summary>
    public ReadOnlySpan<T> Trail(int pair) => _trails[pair].Sum;

    /// <summary>The lanes of the pairs.</summary>
    public IUnroll<T> Unroll => _lanes.Unroll;

    /// <summary>
    /// Pairs that have run no window begin later than with the first outer step: their windows are counted from there on.
    /// </summary>
    /// <param name="version">The theta of their first window.</param>
    public void BeginAt(ThetaVersion version)
    {
        for (var pair = 0; pair < Block.Count; pair++)
        {
            _cursors[pair] = _cursors[pair] with { Window = checked((uint)version.Value) };
        }
    }

    /// <summary>Unrolls every pair by one window under <paramref name="theta"/> and its own perturbation.</summary>
    /// <param name="theta">The current theta.</param>
    /// <param name="slot">Scratch of the calling thread.</param>
    public PairContribution<T> RunWindow(Theta<T> theta, ComputeSlot<T> slot)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(slot);
        var before = new int[Block.Count];
        for (var pair = 0; pair < Block.Count; pair++)
        {
            before[pair] = BeginWindow(pair, theta);
        }

        var call = slot.Call;
        while (PlanCall(theta, call))
        {
            var losses = _lanes.Advance(call, theta, slot);
            for (var i = 0; i < call.Segments.Length; i++)
            {
                var segment = call.Segments[i].Segment;
                Record(
                    segment, call.Plans[i], losses.Slice(segment.LossOffset, segment.Steps * _lanes.Count), slot);
            }
        }

        _lanes.EndWindow();
        return Fold(theta, slot, before);
    }

    /// <summary>Writes the state of all pairs; see <see cref="PairStateFormat"/>.</summary>
    public byte[] Save() => PairStateFormat.Write(Block, _cursors, _trails, Unroll);

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is of another run, or damaged.</exception>
    public void Load(ReadOnlySpan<byte> state) => PairStateFormat.Read(state, Block, _cursors, _trails, Unroll);

    /// <inheritdoc/>
    public void Dispose() => _lanes.Dispose();

    private int BeginWindow(int pair, Theta<T> theta)
    {
        ref var cursor = ref _cursors[pair];
        cursor = cursor.AtOuterStep(
            _plan.Windows.Seed, Block.First + pair, _offset, _plan.Schedule, _contract, theta.Version.Value);
        if (cursor.UnderWay)
        {
            _lanes.Fork(pair);
        }

        var whole = _plan.Estimator.Needs.Carry == Carry.Nothing;
        _windows[pair].Begin(whole ? cursor.StepsLeft : _plan.Windows.Window);
        return cursor.InnerStep;
    }

    // What one call of the unroll takes: where it can, all rounds of the window. False when there is nothing to do.
    private bool PlanCall(Theta<T> theta, UnrollCall call)
    {
        foreach (var window in _windows)
        {
            if (window.Row >= Block.Count)
            {
                window.ForgetThetas();
            }
        }

        call.Begin(Block.Count);
        while (PlanRound(theta, call) && _lanes.TakesMore(call))
        {
            // One round after the other.
        }

        return !call.IsEmpty;
    }

    // One segment of each pair whose window has steps left; false when there is none.
    private bool PlanRound(Theta<T> theta, UnrollCall call)
    {
        var any = false;
        for (var pair = 0; pair < Block.Count; pair++)
        {
            var reset = SpendResetStep(pair, theta, call);
            if (_windows[pair].Remaining > 0)
            {
                PlanSegment(pair, theta, call, reset ?? StartTrajectory(pair, call));
                any = true;
            }
            else if (reset is { } trajectory)
            {
                call.AddReset(pair, trajectory, _windows[pair].Row);
            }
        }

        return any;
    }

    private void PlanSegment(int pair, Theta<T> theta, UnrollCall call, Trajectory? begins)
    {
        var window = _windows[pair];
        ref var cursor = ref _cursors[pair];
        var segment = new Segment(
            pair, Key(pair), cursor.Age, SegmentSteps(pair), _plan.Windows.LossTime, LossOffset: 0);
        var weight = _weighsTrajectories
            ? _plan.Schedule.MeanHorizonAt(theta.Version.Value) / cursor.Horizon
            : 1;

        // Upstream credits the last training loss of a trajectory to the current perturbation (its cumulative sum of
        // is_done is inclusive); SegmentSteps has cut it off as a segment of its own.
        var ends = segment.Steps == cursor.StepsLeft;
        var afterReset = window.TrajectoryEnded || (ends && _contract == ResetContract.Upstream);
        var (index, firstCounted) = window.Plan(segment.FirstStep, segment.Steps, afterReset);
        call.Add(segment, begins, window.Row, _lanes.Count, new PlannedSegment(index, firstCounted, weight, ends));
        cursor = cursor.Advance(segment.Steps);
        if (ends)
        {
            window.EndTrajectory();
            cursor = _contract == ResetContract.Upstream ? cursor with { ResetPending = true } : Next(pair, theta);
        }
    }

    private void Record(Segment segment, PlannedSegment plan, ReadOnlySpan<StepLoss> losses, ComputeSlot<T> slot)
    {
        var window = _windows[segment.Pair];
        window.Record(
            plan.Index,
            segment,
            SegmentSum.Of(
                _plan.Problem, Unroll.Arms, losses, plan.Weight, plan.FirstCounted, slot.Normalised(losses.Length)));
        _lanes.AddTangents(segment, plan.FirstCounted, plan.Weight, window.TangentSum(plan.Index));
        if (plan.Ends)
        {
            window.EvaluatedDelta = _lanes.EvaluatedDelta(segment, plan.Weight, slot);
        }
    }

    private PairContribution<T> Fold(Theta<T> theta, ComputeSlot<T> slot, int[] before)
    {
        var sum = new ContributionSum<T>(_plan, Block, slot);
        for (var pair = 0; pair < Block.Count; pair++)
        {
            var window = _windows[pair];
            if (window.DivergedArms > 0 && _plan.Windows.Divergence == DivergencePolicy.Skip)
            {
                Abandon(pair, theta);
            }
            else
            {
                sum.Add(pair, window, _trails[pair], window.TrailAction(_contract));
            }

            sum.Report(pair, window, before[pair], _cursors[pair]);
            _cursors[pair] = _cursors[pair] with { Window = checked(_cursors[pair].Window + 1) };
        }

        return sum.Rounded(theta.Version);
    }

    // Divergence policy "skip": what the pair has seen is forgotten, and its next step trains a new trajectory.
    private void Abandon(int pair, Theta<T> theta)
    {
        _trails[pair].Clear();
        if (_cursors[pair].Age > 0)
        {
            _cursors[pair] = Next(pair, theta);
        }
    }

    // The trajectory that begins with a step that trains nothing; null where there is no such step.
    private Trajectory? SpendResetStep(int pair, Theta<T> theta, UnrollCall call)
    {
        if (!_cursors[pair].ResetPending || _windows[pair].Remaining == 0)
        {
            return null;
        }

        _cursors[pair] = Next(pair, theta);
        var begins = StartTrajectory(pair, call);
        _windows[pair].SpendStepOnReset();
        return begins;
    }

    // The trajectory that begins here; null where one is under way.
    private Trajectory? StartTrajectory(int pair, UnrollCall call)
    {
        ref var cursor = ref _cursors[pair];
        var noise = _plan.Estimator.Noise(
            _plan.Windows.Seed, Block.First + pair, cursor.Window, cursor.Trajectory, cursor.Age);
        if (_windows[pair].Noise != noise)
        {
            _windows[pair].Perturb(noise, call.Perturb(pair, noise));
        }

        if (cursor.UnderWay)
        {
            return null;
        }

        cursor = cursor with { UnderWay = true };
        return new Trajectory(Key(pair), cursor.Horizon);
    }

    private int SegmentSteps(int pair)
    {
        var cursor = _cursors[pair];
        var steps = Math.Min(_windows[pair].Remaining, cursor.StepsLeft);
        steps = Math.Min(steps, _plan.Estimator.StepsUntilNoiseChange(cursor.Age));
        var cutLastStep = _contract == ResetContract.Upstream && steps == cursor.StepsLeft && steps > 1;
        return cutLastStep ? steps - 1 : steps;
    }

    private TruncationCursor Next(int pair, Theta<T> theta) => _cursors[pair].NextTrajectory(
        _plan.Windows.Seed, Block.First + pair, _plan.Schedule, theta.Version.Value);

    private TrajectoryKey Key(int pair) =>
        new(_plan.Windows.Seed, Block.First + pair, _cursors[pair].Trajectory);
}
