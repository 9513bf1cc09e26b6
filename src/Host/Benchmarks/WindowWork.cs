using Involute.Estimators.Estimation;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Benchmarks;

/// <summary>Windows of one pair actor, as a run has them: perturbations, both arms, resets, PersistentES's
/// sum.</summary>
internal sealed class WindowWork : IBenchWork
{
    private readonly PairState<float> _pairs;
    private readonly ComputeSlot<float> _slot = new();
    private readonly int _laneSteps;
    private Theta<float> _theta;

    /// <summary>Pairs before their first window.</summary>
    /// <param name="problem">What is unrolled.</param>
    /// <param name="pairs">Pairs of the actor.</param>
    /// <param name="window">Inner steps of a window.</param>
    public WindowWork(IInnerProblem<float> problem, int pairs, int window)
    {
        var plan = TrainingPlan.Create(
            problem, new PersistentES<float>(), new LogUniformSchedule(100, 400), pairs, window,
            StationaryStart.Offset);
        _theta = Theta<float>.Initial(problem, plan.Windows.Seed);
        _pairs = new PairState<float>(plan, new PairBlock(0, pairs));
        _laneSteps = pairs * _pairs.Unroll.Arms.Count() * window;
    }

    /// <inheritdoc/>
    public int Run()
    {
        _pairs.RunWindow(_theta, _slot);
        _theta = new Theta<float>(_theta.Version.Next, _theta.Values);
        return _laneSteps;
    }

    /// <inheritdoc/>
    public void Dispose() => _pairs.Dispose();
}
