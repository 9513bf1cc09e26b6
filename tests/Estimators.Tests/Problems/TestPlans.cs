using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>Short ways to write the plans of these tests.</summary>
internal static class TestPlans
{
    public static TrainingPlan<double> Of(
        IStepFunction<double> step,
        IGradientEstimator<double> estimator,
        INoise<double> noise,
        ITruncationSchedule schedule,
        WindowSettings windows,
        int pairs = 1) =>
        new(new StepProblem<double>(step), estimator, noise, schedule, windows, new MetaSgd<double>(0), pairs);

    /// <summary>Runs windows of one block under the initial theta.</summary>
    public static IEnumerable<PairContribution<double>> Windows(TrainingPlan<double> plan, PairBlock block, int count)
    {
        var slot = new ComputeSlot<double>();
        var theta = OuterState<double>.Initial(plan).Theta;
        using var pair = new PairState<double>(plan, block);
        for (var window = 0; window < count; window++)
        {
            yield return pair.RunWindow(theta, slot);
        }
    }
}
