using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests;

/// <summary>A program that computes something else has another fingerprint, however small the difference.</summary>
public sealed class ComputationFingerprintTests
{
    private static readonly TrainingPlan<float> Right = TrainingPlan.Create<float>(
        new OptimizedTask(new QuadraticTask(4), new LearnableAdam()),
        new PersistentES<float>(),
        new LogUniformSchedule(100, 1000),
        pairs: 4,
        window: 50,
        offset: 1000) with
    {
        PairsPerActor = 2,
    };

    /// <summary>What may be wrong, each alone, and the plan that has it.</summary>
    private static readonly Dictionary<string, TrainingPlan<float>> Wrong = new()
    {
        ["a contribution one percent too large"] = Right with { Estimator = new Scaled(Right.Estimator, 1.01) },
        ["a contribution one bit too large"] = Right with { Estimator = new Scaled(Right.Estimator, 1 + 1e-7) },
        ["another estimator"] = Right with { Estimator = new TruncatedES<float>() },
        ["horizons one longer"] = Right with { Schedule = new Shifted(Right.Schedule, 1) },
        ["another mean horizon"] = Right with { Schedule = new Shifted(Right.Schedule, 0, 1) },
        ["another sigma"] = Right with { Noise = new GaussianNoise<float>(0.1000001) },
        ["another seed"] = Right with { Windows = Right.Windows with { Seed = 1 } },
        ["another offset"] = Right with { Windows = Right.Windows with { InitialOffset = 999 } },
        ["another reset"] = Right with { Windows = Right.Windows with { Reset = ResetContract.Upstream } },
        ["a longer window"] = Right with { Windows = Right.Windows with { Window = 51 } },
        ["another step of theta"] = Right with { MetaOptimizer = new MetaAdam<float>(0.0300001) },
        ["another initial theta"] = Of(new LearnableAdam(0.0011)),
        ["another optimizer state"] = Of(new LearnableSgdm()),
        ["pairs that are summed otherwise"] = Right with { PairsPerActor = 1 },
        ["one arm's losses a little larger"] = Changed(problem => problem.Skew = 1e-6),
        ["losses that are normalised otherwise"] = Changed(problem => problem.Scale = 1.001),
        ["a state that is not restored"] = Changed(problem => problem.Forgets = true),
        ["a reset that keeps the state"] = Changed(problem => problem.ResetsOnce = true),
    };

    public static TheoryData<string> Mistakes => [.. Wrong.Keys];

    [Fact]
    public void The_same_plan_has_the_same_fingerprint_and_a_trial_leaves_no_trace() => Assert.Equal(
        (ComputationFingerprint.Of(Right), ComputationFingerprint.Of(Right)),
        (ComputationFingerprint.Of(Changed(_ => { })), ComputationFingerprint.Of(Right)));

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_plan_that_computes_something_else_has_another(string mistake) =>
        Assert.NotEqual(ComputationFingerprint.Of(Right), ComputationFingerprint.Of(Wrong[mistake]));

    [Fact]
    public void Estimators_of_whole_trajectories_and_schedules_without_an_end_have_one_too()
    {
        var whole = Right with { Estimator = new FullES<float>() };
        var endless = Right with { Schedule = new NeverEndingSchedule() };
        var shortest = Right with { Windows = Right.Windows with { Window = 1 } };
        TrainingPlan<float>[] plans = [Right, whole, endless, shortest];

        Assert.Equal(plans.Length, plans.Select(ComputationFingerprint.Of).Distinct().Count());
    }

    private static TrainingPlan<float> Of(ILearnedOptimizer optimizer) =>
        Right with { Problem = new OptimizedTask(new QuadraticTask(4), optimizer) };

    private static TrainingPlan<float> Changed(Action<ChangedProblem> change)
    {
        var problem = new ChangedProblem(Right.Problem);
        change(problem);
        return Right with { Problem = problem };
    }

    private sealed class Scaled(IGradientEstimator<float> right, double factor) : IGradientEstimator<float>
    {
        public string Name => right.Name;

        public EstimatorNeeds Needs => right.Needs;

        public int StepsUntilNoiseChange(int age) => right.StepsUntilNoiseChange(age);

        public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
            right.Noise(seed, pair, window, trajectory, age);

        public void Fold(WindowFold<float> window, Span<double> gradient)
        {
            var own = new double[gradient.Length];
            right.Fold(window, own);
            for (var i = 0; i < own.Length; i++)
            {
                gradient[i] += factor * own[i];
            }
        }
    }

    private sealed class Shifted(ITruncationSchedule right, int steps, double mean = 0) : ITruncationSchedule
    {
        public string Name => right.Name;

        public double MeanHorizon => right.MeanHorizon + mean;

        public int Horizon(TrajectoryKey trajectory) => right.Horizon(trajectory) + steps;
    }
}
