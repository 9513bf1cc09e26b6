using System.Numerics;
using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
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
    private readonly IUnroll<T> _unroll;
    private readonly TruncationCursor[] _cursors;
    private readonly NoiseTrail<T>[] _trails;
    private readonly PairWindow[] _windows;
    private readonly ResetContract _contract;

    /// <summary>Creates the pairs of a block before their first window.</summary>
    public PairState(TrainingPlan<T> plan, PairBlock block)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        Block = block;

        // An estimator without state between windows never meets a reset inside one, and always runs whole trajectories.
        var carries = plan.Estimator.CarriesState;
        _contract = carries ? plan.Windows.Reset : ResetContract.Exact;
        var offset = carries ? plan.Windows.InitialOffset : 0;
        _unroll = plan.Problem.CreateUnroll(block.Count, plan.Estimator.Arms);
        _cursors = [.. Enumerable.Range(block.First, block.Count).Select(
            pair => TruncationCursor.Initial(plan.Windows.Seed, pair, offset, plan.Schedule))];
        _trails = [.. _cursors.Select(_ => new NoiseTrail<T>(plan.Estimator.KeepsTrail ? plan.ThetaLength : 0))];
        _windows = [.. _cursors.Select(_ => new PairWindow())];
    }

    /// <summary>The pairs.</summary>
    public PairBlock Block { get; }

    /// <summary>Where each pair stands.</summary>
    public IReadOnlyList<TruncationCursor> Cursors => _cursors;

    /// <summary>The accumulated perturbation of a pair, by its index in the block; empty if the estimator keeps none.</summary>
    public ReadOnlySpan<T> Trail(int pair) => _trails[pair].Sum;

    /// <summary>The lanes of the pairs.</summary>
    public IUnroll<T> Unroll => _unroll;

    /// <summary>Unrolls every pair by one window under <paramref name="theta"/> and its own perturbation.</summary>
    /// <param name="theta">The current theta.</param>
    /// <param name="slot">Scratch of the calling thread.</param>
    public PairContribution<T> RunWindow(Theta<T> theta, ComputeSlot<T> slot)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(slot);
        var before = _cursors.Select(cursor => cursor.InnerStep).ToArray();
        for (var pair = 0; pair < Block.Count; pair++)
        {
            _windows[pair].Begin(_plan.Estimator.WindowSteps(_plan.Windows.Window, _cursors[pair].StepsLeft));
        }

        var segments = new List<Segment>(Block.Count);
        while (PlanRound(theta, slot, segments))
        {
            RunRound(slot, segments);
        }

        return Fold(theta, slot, before);
    }

    /// <summary>Writes the state of all pairs; see <see cref="PairStateFormat"/>.</summary>
    public byte[] Save() => PairStateFormat.Write(Block, _cursors, _trails, _unroll);

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is of another run, or damaged.</exception>
    public void Load(ReadOnlySpan<byte> state) => PairStateFormat.Read(state, Block, _cursors, _trails, _unroll);

    /// <inheritdoc/>
    public void Dispose() => _unroll.Dispose();

    // One segment of each pair whose window has steps left; false when there is none.
    private bool PlanRound(Theta<T> theta, ComputeSlot<T> slot, List<Segment> segments)
    {
        segments.Clear();
        var lossOffset = 0;
        for (var pair = 0; pair < Block.Count; pair++)
        {
            SpendResetStep(pair, theta, slot);
            if (_windows[pair].Remaining == 0)
            {
                continue;
            }

            StartTrajectory(pair, theta, slot);
            var steps = SegmentSteps(pair);
            segments.Add(new Segment(
                pair, Key(pair), _cursors[pair].Age, steps, _plan.Windows.LossTime, lossOffset));
            lossOffset += steps * _unroll.Arms.Count();
        }

        return segments.Count > 0;
    }

    private void RunRound(ComputeSlot<T> slot, List<Segment> segments)
    {
        var arms = _unroll.Arms.Count();
        var losses = slot.Losses(segments[^1].LossOffset + (segments[^1].Steps * arms));
        _unroll.Advance(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(segments), Thetas(slot), losses);
        foreach (var segment in segments)
        {
            Record(segment, losses.Slice(segment.LossOffset, segment.Steps * arms));
        }
    }

    private void Record(Segment segment, ReadOnlySpan<StepLoss> losses)
    {
        var window = _windows[segment.Pair];
        ref var cursor = ref _cursors[segment.Pair];
        var weight = _plan.Windows.Normalisation == Normalisation.TrajectoryMean
            ? _plan.Schedule.MeanHorizon / cursor.Horizon
            : 1;
        var isLast = window.Remaining == segment.Steps;
        var lastOnly = _plan.Windows.WindowLoss == WindowLoss.Last;
        var loss = SegmentLoss.Of(_plan.Problem, _unroll.Arms, losses, lastOnly && !isLast ? 0 : weight, lastOnly);

        // Upstream credits the last training loss of a trajectory to the current perturbation (its cumulative sum of
        // is_done is inclusive); SegmentSteps has cut it off as a segment of its own.
        var ends = segment.Steps == cursor.StepsLeft;
        var afterReset = window.TrajectoryEnded || (ends && _contract == ResetContract.Upstream);
        window.AddSegment(window.Noise!.Value, segment, loss, afterReset);
        cursor = cursor.Advance(segment.Steps);
        if (ends)
        {
            window.EndTrajectory();
            cursor = _contract == ResetContract.Upstream
                ? cursor with { ResetPending = true }
                : cursor.NextTrajectory(_plan.Windows.Seed, Block.First + segment.Pair, _plan.Schedule);
        }
    }

    private PairContribution<T> Fold(Theta<T> theta, ComputeSlot<T> slot, int[] before)
    {
        var gradient = slot.Gradient(_plan.ThetaLength);
        var reports = new PairReport[Block.Count];
        for (var pair = 0; pair < Block.Count; pair++)
        {
            var window = _windows[pair];
            if (window.DivergedArms > 0 && _plan.Windows.Divergence == DivergencePolicy.Skip)
            {
                Abandon(pair);
            }
            else
            {
                _plan.Estimator.Fold(
                    new WindowFold<T>(
                        window.Segments(_plan.Windows.WindowLoss),
                        _trails[pair],
                        window.TrailAction(_contract),
                        _plan.Noise,
                        slot.Epsilon(_plan.ThetaLength)),
                    gradient);
            }

            reports[pair] = new PairReport(
                Block.First + pair, before[pair], _cursors[pair].InnerStep, window.Steps, window.MeanLoss,
                window.Resets, window.DivergedArms, window.DivergedTrajectory ?? _cursors[pair].Trajectory);
            _cursors[pair] = _cursors[pair] with { Window = checked(_cursors[pair].Window + 1) };
        }

        var rounded = new T[gradient.Length];
        for (var i = 0; i < rounded.Length; i++)
        {
            rounded[i] = T.CreateTruncating(gradient[i]);
        }

        return new PairContribution<T>(Block, theta.Version, rounded, reports);
    }

    // Divergence policy "skip": what the pair has seen is forgotten, and its next step trains a new trajectory.
    private void Abandon(int pair)
    {
        _trails[pair].Settle(TrailAction.Clear, []);
        if (_cursors[pair].Age > 0)
        {
            _cursors[pair] = _cursors[pair].NextTrajectory(_plan.Windows.Seed, Block.First + pair, _plan.Schedule);
        }
    }

    private void SpendResetStep(int pair, Theta<T> theta, ComputeSlot<T> slot)
    {
        if (!_cursors[pair].ResetPending || _windows[pair].Remaining == 0)
        {
            return;
        }

        _cursors[pair] = _cursors[pair].NextTrajectory(_plan.Windows.Seed, Block.First + pair, _plan.Schedule);
        StartTrajectory(pair, theta, slot);
        _windows[pair].SpendStepOnReset(_windows[pair].Noise!.Value);
    }

    private void StartTrajectory(int pair, Theta<T> theta, ComputeSlot<T> slot)
    {
        Perturb(pair, theta, slot);
        ref var cursor = ref _cursors[pair];
        if (!cursor.UnderWay)
        {
            _unroll.Reset(pair, new Trajectory(Key(pair), cursor.Horizon), Thetas(slot));
            cursor = cursor with { UnderWay = true };
        }
    }

    private void Perturb(int pair, Theta<T> theta, ComputeSlot<T> slot)
    {
        var cursor = _cursors[pair];
        var key = _plan.Estimator.Noise(
            _plan.Windows.Seed, Block.First + pair, cursor.Window, cursor.Trajectory, cursor.Age);
        if (_windows[pair].Noise == key)
        {
            return;
        }

        _windows[pair].Noise = key;
        var length = _plan.ThetaLength;
        var epsilon = slot.Epsilon(length);
        _plan.Noise.Fill(key, epsilon);
        var arms = _unroll.Arms.Count();
        var lanes = ThetaBuffer(slot).Slice(pair * arms * length, arms * length);
        var positive = lanes.Slice(_unroll.Arms.IndexOf(Arm.Positive) * length, length);
        var negative = lanes.Slice(_unroll.Arms.IndexOf(Arm.Negative) * length, length);
        for (var i = 0; i < length; i++)
        {
            positive[i] = theta.Values[i] + epsilon[i];
            negative[i] = theta.Values[i] - epsilon[i];
        }

        if (_unroll.Arms == ArmSet.AntitheticAndCentre)
        {
            theta.Values.CopyTo(lanes[(_unroll.Arms.IndexOf(Arm.Centre) * length)..]);
        }
    }

    private int SegmentSteps(int pair)
    {
        var cursor = _cursors[pair];
        var steps = Math.Min(_windows[pair].Remaining, cursor.StepsLeft);
        steps = Math.Min(steps, _plan.Estimator.StepsUntilNoiseChange(cursor.Age));
        var cutLastStep = _contract == ResetContract.Upstream && steps == cursor.StepsLeft && steps > 1;
        return cutLastStep ? steps - 1 : steps;
    }

    private TrajectoryKey Key(int pair) =>
        new(_plan.Windows.Seed, Block.First + pair, _cursors[pair].Trajectory);

    private Span<T> ThetaBuffer(ComputeSlot<T> slot) =>
        slot.Thetas(Block.Count * _unroll.Arms.Count() * _plan.ThetaLength);

    private ArmThetas<T> Thetas(ComputeSlot<T> slot) =>
        new(ThetaBuffer(slot), _unroll.Arms.Count(), _plan.ThetaLength);
}
