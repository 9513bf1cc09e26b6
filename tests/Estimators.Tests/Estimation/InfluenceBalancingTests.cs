using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Problems;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>Training on influence balancing, an endless trajectory, loss at the window's end.</summary>
[Trait("Speed", "slow")]
public sealed class InfluenceBalancingTests
{
    private const double LearningRate = 1e-4;
    private const double Sigma = 0.1;

    [Theory]
    [InlineData("tbptt", 1, new[] { 0.9441087907, 1.784206674, 3.259684507 })]
    [InlineData("tbptt", 10, new[] { 177.7927631, 49918.86353, 14002683.36 })]
    [InlineData("tbptt", 100, new[] { -0.1485687905, -0.166175367, -0.1666533294 })]
    [InlineData("rtrl", 1, new[] { -0.1658026081, -0.1666655519, -0.1666666652 })]
    public void Exact_gradients_train_as_published(string estimator, int window, double[] thetas)
    {
        var trained = Train(Plan(estimator, window, 1)).Take(3000).ToArray();
        for (var i = 0; i < thetas.Length; i++)
        {
            Assert.Equal(thetas[i], trained[(1000 * (i + 1)) - 1], 1e-6 * Math.Abs(thetas[i]));
        }
    }

    // Losses are quadratic, so an antithetic difference is exact: ES-Single is RTRL with lr · mean ε² / sigma².
    [Fact]
    public void Noise_reuse_is_real_time_recurrent_learning_with_another_learning_rate()
    {
        const int pairs = 10;
        var scale = Scale(pairs, pair => NoiseKey.OfStretch(1, pair, 0, 0));
        var expected = Train(Plan("rtrl", 1, 1) with { MetaOptimizer = new MetaSgd<double>(LearningRate * scale) });
        AssertSame(expected.Take(3000), Train(Plan("nres", 1, pairs)).Take(3000));
    }

    // The same with a scale of its own for each window; both steps from the same theta.
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Truncated_es_is_truncated_backpropagation_with_another_learning_rate(int window)
    {
        const int pairs = 10;
        var truncated = Plan("tbptt", window, 1);
        var slot = new ComputeSlot<double>();
        using var pair = new PairState<double>(truncated, new PairBlock(0, 1));
        var theta = OuterState<double>.Initial(truncated).Theta;
        var expected = Enumerable.Range(0, 1000).Select(step =>
        {
            var gradient = pair.RunWindow(theta, slot).Gradient.Span[0];
            var scale = Scale(pairs, id => NoiseKey.OfWindow(1, id, (uint)step));
            theta = new Theta<double>(theta.Version.Next, [theta.Values[0] - (LearningRate * scale * gradient)]);
            return theta.Values[0];
        });
        AssertSame(expected, Train(Plan("tes", window, pairs)).Take(1000));
    }

    // The bounds of 500 pairs (published as 1,000 particles), which more than a thousand seeds have met.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Persistent_es_learns(long seed)
    {
        var persistent = Train(Plan("pes", 1, 500, seed)).ToArray();
        Assert.True(Loss(persistent[999]) <= 1e-2);
        Assert.True(Loss(persistent[^1]) <= 1e-8);
    }

    // A factor of 2, as from counting particles as pairs, gives a loss of 3.8e3.
    [Theory]
    [InlineData(1, 200, 225)]
    [InlineData(2, 3500, 4100)]
    public void Truncated_es_runs_away_as_fast_as_its_scale_says(double factor, double least, double most)
    {
        var plan = Plan("tes", 1, 50) with { MetaOptimizer = new MetaSgd<double>(factor * LearningRate) };
        Assert.InRange(Loss(Train(plan).Last()), least, most);
    }

    private static TrainingPlan<double> Plan(string estimator, int window, int pairs, long seed = 1) => new(
        new StepProblem<double>(new InfluenceBalancing<double>()),
        Problems.Estimators.Of(estimator),
        new GaussianNoise<double>(Sigma),
        new NeverEndingSchedule(),
        new WindowSettings(seed, window, WindowLoss: WindowLoss.Last),
        new MetaSgd<double>(LearningRate),
        pairs,
        PairsPerActor: pairs);

    private static IEnumerable<double> Train(TrainingPlan<double> plan) =>
        new SequentialTrainer<double>(plan).Run(3000).Select(step => step.State.Theta.Values[0]);

    // Σ ε² / (N sigma²) over the pairs.
    private static double Scale(int pairs, Func<int, NoiseKey> key)
    {
        var noise = new GaussianNoise<double>(Sigma);
        Span<double> epsilon = stackalloc double[1];
        var sum = 0.0;
        for (var pair = 0; pair < pairs; pair++)
        {
            noise.Fill(key(pair), epsilon);
            sum += epsilon[0] * epsilon[0];
        }

        return sum / (pairs * Sigma * Sigma);
    }

    // The steady loss: s₁ tends to −6 theta.
    private static double Loss(double theta) => 0.5 * ((6 * theta) + 1) * ((6 * theta) + 1);

    private static void AssertSame(IEnumerable<double> expected, IEnumerable<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * Math.Abs(pair.First)));
}
