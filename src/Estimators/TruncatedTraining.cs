using System.Numerics;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators;

/// <summary>What one inner problem did in one step of <see cref="TruncatedTraining{T}"/>.</summary>
/// <param name="InnerStep">Its step counter after the step; the horizon on a trajectory's last step.</param>
/// <param name="Loss">Its normalised loss; the problem's ceiling if it has diverged.</param>
/// <param name="Done">Whether this was its trajectory's last step: the next step trains a new one.</param>
public readonly record struct TrainingStep(int InnerStep, double Loss, bool Done);

/// <summary>
/// Trains inner problems side by side under a given theta, and begins a new one whenever the truncation schedule says
/// so: all that meta-training does, but for perturbing theta.
/// </summary>
/// <remarks>
/// Task i has the trajectories of pair i of a run with the same seed and offset. No step is spent on a reset. Losses
/// are measured before the update; step functions return what loss they define. Not safe for use by two threads at
/// once.
/// </remarks>
public sealed class TruncatedTraining<T> : IDisposable
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly IInnerProblem<T> _problem;
    private readonly ITruncationSchedule _schedule;
    private readonly long _seed;
    private readonly TruncationCursor[] _cursors;
    private readonly IUnroll<T> _unroll;
    private readonly T[] _thetas;

    /// <summary>Creates the inner problems before their first step.</summary>
    /// <param name="problem">What is trained.</param>
    /// <param name="schedule">How many inner steps each trajectory lasts.</param>
    /// <param name="tasks">How many are trained side by side, at least 1.</param>
    /// <param name="offset">
    /// The step counter of each task's first trajectory starts uniformly in [0, this), so that tasks are out of
    /// lockstep; 0 starts all at 0, <see cref="StationaryStart.Offset"/> where they stand after a long time.
    /// </param>
    /// <param name="seed">Every random number follows from it.</param>
    public TruncatedTraining(
        IInnerProblem<T> problem, ITruncationSchedule schedule, int tasks = 1, int offset = 0, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(offset == StationaryStart.Offset ? 0 : offset, nameof(offset));
        _problem = problem;
        _schedule = schedule;
        _seed = seed;
        _cursors = [.. Enumerable.Range(0, tasks).Select(
            task => TruncationCursor.Initial(seed, task, offset, schedule))];
        _unroll = problem.CreateUnroll(tasks, ArmSet.CentreOnly);
        _thetas = new T[tasks * problem.Layout.Length];
    }

    /// <summary>The step counter of each task.</summary>
    public IReadOnlyList<int> InnerSteps => [.. _cursors.Select(cursor => cursor.InnerStep)];

    /// <summary>Trains every task by one step.</summary>
    /// <returns>One entry per task.</returns>
    /// <exception cref="ArgumentException">Theta does not have the problem's length.</exception>
    public IReadOnlyList<TrainingStep> Step(Theta<T> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        var length = _problem.Layout.Length;
        if (theta.Values.Length != length)
        {
            throw new ArgumentException($"theta has {theta.Values.Length} values, '{_problem.Name}' takes {length}");
        }

        for (var task = 0; task < _cursors.Length; task++)
        {
            theta.Values.CopyTo(_thetas.AsSpan(task * length, length));
        }

        var thetas = new ArmThetas<T>(_thetas, arms: 1, length);
        var segments = new Segment[_cursors.Length];
        for (var task = 0; task < segments.Length; task++)
        {
            var cursor = _cursors[task];
            var key = new TrajectoryKey(_seed, task, cursor.Trajectory);
            if (!cursor.UnderWay)
            {
                _unroll.Reset(task, new Trajectory(key, cursor.Horizon), thetas);
            }

            segments[task] = new Segment(task, key, cursor.Age, Steps: 1, LossTime.BeforeUpdate, LossOffset: task);
        }

        var losses = new StepLoss[segments.Length];
        _unroll.Advance(segments, thetas, losses);
        return [.. losses.Select((loss, task) => Record(task, loss))];
    }

    /// <summary>Trains every task by some steps.</summary>
    /// <returns>[step][task].</returns>
    /// <exception cref="ArgumentException">Theta does not have the problem's length.</exception>
    public IReadOnlyList<IReadOnlyList<TrainingStep>> Train(Theta<T> theta, int steps) =>
        [.. Enumerable.Range(0, steps).Select(_ => Step(theta))];

    /// <inheritdoc/>
    public void Dispose() => _unroll.Dispose();

    private TrainingStep Record(int task, StepLoss loss)
    {
        ref var cursor = ref _cursors[task];
        cursor = cursor.Advance(1);
        var step = new TrainingStep(
            cursor.InnerStep, loss.Diverged ? _problem.CeilingLoss : _problem.Normalize(loss.Loss), cursor.AtHorizon);
        if (step.Done)
        {
            cursor = cursor.NextTrajectory(_seed, task, _schedule);
        }

        return step;
    }
}
