using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>Plans with several pairs in which trajectories end inside windows, once or often, and some
/// diverge.</summary>
internal static class RandomPlans
{
    private static readonly Lazy<ImageDataset> Data = new(FashionMnist.Embedded8x8);

    private static readonly string[] Differentiate = ["pes-analytic", "tbptt", "rtrl", "full-grad"];

    /// <summary>
    /// Every estimator, one that measures each trajectory's last state, and one that does so and goes on in the same
    /// window.
    /// </summary>
    public static IReadOnlyList<string> Estimators { get; } =
    [
        "pes", "full", "full-recomputed", "measured", "tes", "tes-positive", "nres", "gpes1", "gpes5",
        "telescoping-pes", .. Differentiate,
    ];

    /// <summary>How many problems there are.</summary>
    public const int Problems = 3;

    /// <summary>A plan, a function of its arguments.</summary>
    /// <param name="number">Draws the window, horizons, pairs and rules.</param>
    /// <param name="estimator">One of <see cref="Estimators"/>.</param>
    /// <param name="change">What stands between the plan and its problem.</param>
    public static TrainingPlan<float> Of(
        int number, string estimator, Func<IInnerProblem<float>, IInnerProblem<float>>? change = null)
    {
        var draws = new TrajectoryKey(number, 0, 0).Stream(RandomStream.Horizon);
        int Draw(uint index, int least, int most) => least + draws.Integer(index, most - least + 1);
        var (problem, time) = Problem(number, estimator);
        var shortest = Draw(0, 1, 6);
        return new TrainingPlan<float>(
            change is null ? problem : change(problem),
            Estimator(estimator),
            new GaussianNoise<float>(0.1),
            Draw(1, 0, 3) == 0
                ? new ConstantSchedule(shortest)
                : new LogUniformSchedule(shortest, shortest + Draw(2, 0, 50)),
            new WindowSettings(
                number, Draw(3, 1, 25), Draw(4, 0, 2) * 15, Pick<WindowLoss>(5), Pick<Normalisation>(6),
                Pick<ResetContract>(7), Draw(8, 0, 1) == 0 ? DivergencePolicy.Ceiling : DivergencePolicy.Skip, time),
            new MetaSgd<float>(0.1),
            Pairs: 9,
            PairsPerActor: Draw(9, 2, 9));

        TValue Pick<TValue>(uint index)
            where TValue : struct, Enum
        {
            var all = Enum.GetValues<TValue>();
            return all[Draw(index, 0, all.Length - 1)];
        }
    }

    private static (IInnerProblem<float> Problem, LossTime Time) Problem(int number, string estimator) =>
        Differentiate.Contains(estimator) ? (new StepProblem<float>(new SgdOnSquare<float>(3)), default)
        : (number % Problems) switch
        {
            0 => (new StepProblem<float>(new Brittle(3)), default),
            1 => (
                new OptimizedTask(new FixedDimQuadraticFamily(5), new LearnableAdam(0.05)),
                LossTime.SameBatchAfterUpdate),
            _ => (
                new OptimizedTask(new ImageMlp("mlp", Data.Value, [3], 5), new LearnableSgd(0.1)),
                number % 2 == 0 ? LossTime.BeforeUpdate : LossTime.OnSplitAfterUpdate(DataSplit.OuterValid)),
        };

    private static IGradientEstimator<float> Estimator(string name) => name switch
    {
        "full-recomputed" => new FullES<float>(
            new FullESOptions { Loss = TrajectoryLoss.LastRecomputed, RecomputeBatches = 3 }),
        "measured" => new MeasuredPES(),
        _ => Tests.Problems.Estimators.Of<float>(name),
    };

    private sealed class MeasuredPES : IGradientEstimator<float>
    {
        private readonly PersistentES<float> _pes = new();

        public string Name => "measured";

        public EstimatorNeeds Needs => _pes.Needs with { EvaluationBatches = 2 };

        public int StepsUntilNoiseChange(int age) => _pes.StepsUntilNoiseChange(age);

        public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
            _pes.Noise(seed, pair, window, trajectory, age);

        public void Fold(WindowFold<float> window, Span<double> gradient)
        {
            gradient[0] += window.EvaluatedDelta;
            _pes.Fold(window, gradient);
        }
    }
}
