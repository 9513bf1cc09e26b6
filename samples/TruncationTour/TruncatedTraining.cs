using Involute.Estimators.Pairs;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Samples.TruncationTour;

/// <summary>What one inner problem did in one step.</summary>
/// <param name="InnerStep">Its step counter after the step.</param>
/// <param name="Loss">Its loss before the update.</param>
/// <param name="Done">Whether this was its trajectory's last step.</param>
internal readonly record struct InnerStepRecord(int InnerStep, double Loss, bool Done);

/// <summary>
/// Trains 10-dimensional quadratics with momentum and one fixed theta, and begins a new one whenever a truncation schedule
/// says so: everything that meta-training does, but for perturbing theta.
/// </summary>
internal sealed class TruncatedTraining : IDisposable
{
    private const long Seed = 0;

    private readonly OptimizedTask _problem =
        new(new FixedDimQuadraticFamily(10), new LearnableSgdm(initialLearningRate: 0.002, initialMomentum: 0.9));

    private readonly ITruncationSchedule _schedule;
    private readonly TruncationCursor[] _cursors;
    private readonly IUnroll<float> _unroll;
    private readonly float[] _thetas;

    public TruncatedTraining(int problems, ITruncationSchedule schedule, int offset)
    {
        _schedule = schedule;
        _cursors = [.. Enumerable.Range(0, problems).Select(p => TruncationCursor.Initial(Seed, p, offset, schedule))];
        _unroll = _problem.CreateUnroll(problems, ArmSet.CentreOnly);
        _thetas = new float[problems * _problem.Layout.Length];
        for (var p = 0; p < problems; p++)
        {
            _problem.InitialTheta(Seed, _thetas.AsSpan(p * _problem.Layout.Length, _problem.Layout.Length));
        }
    }

    /// <summary>Where each problem stands.</summary>
    public IReadOnlyList<TruncationCursor> Cursors => _cursors;

    /// <summary>Trains every problem for some steps: [step][problem].</summary>
    public InnerStepRecord[][] Train(int steps) => [.. Enumerable.Range(0, steps).Select(_ => Step())];

    public void Dispose() => _unroll.Dispose();

    private InnerStepRecord[] Step()
    {
        var thetas = new ArmThetas<float>(_thetas, arms: 1, _problem.Layout.Length);
        var segments = new Segment[_cursors.Length];
        for (var p = 0; p < segments.Length; p++)
        {
            var cursor = _cursors[p];
            var key = new TrajectoryKey(Seed, p, cursor.Trajectory);
            if (!cursor.UnderWay)
            {
                _unroll.Reset(p, new Trajectory(key, cursor.Horizon), thetas);
            }

            segments[p] = new Segment(p, key, cursor.Age, Steps: 1, LossTime.BeforeUpdate, LossOffset: p);
        }

        var losses = new StepLoss[segments.Length];
        _unroll.Advance(segments, thetas, losses);
        return [.. losses.Select((loss, p) => Record(p, loss))];
    }

    private InnerStepRecord Record(int problem, StepLoss loss)
    {
        ref var cursor = ref _cursors[problem];
        cursor = cursor.Advance(1);
        var record = new InnerStepRecord(cursor.InnerStep, loss.Loss, cursor.StepsLeft == 0);
        if (record.Done)
        {
            cursor = cursor.NextTrajectory(Seed, problem, _schedule);
        }

        return record;
    }
}
