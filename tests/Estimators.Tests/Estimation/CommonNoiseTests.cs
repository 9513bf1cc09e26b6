using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks;
using Involute.Tasks.Problems;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>Noise that both arms share leaves no trace in the estimate.</summary>
public sealed class CommonNoiseTests
{
    [Theory]
    [InlineData("pes")]
    [InlineData("full")]
    [InlineData("tes")]
    [InlineData("tes-positive")]
    [InlineData("nres")]
    [InlineData("gpes2")]
    [InlineData("pes-analytic")]
    [InlineData("telescoping-pes")]
    [InlineData("tbptt")]
    [InlineData("rtrl")]
    [InlineData("full-grad")]
    public void Mean_and_variance_are_those_of_the_noise_free_run(string name)
    {
        var estimator = Problems.Estimators.Of(name);
        var quiet = Run(estimator, 0);
        var noisy = Run(estimator, 1e3);
        for (var i = 0; i < quiet.Length; i++)
        {
            // Rounding: a loss of 1e3 has an ulp of 1e-13; the estimate multiplies by ε / (2 sigma²) ≈ 5 to 50.
            Assert.Equal(quiet[i], noisy[i], 1e-9);
        }
    }

    // The mistake: each arm draws its own noise. The estimate is still unbiased, so no other test notices.
    [Fact]
    public void Noise_that_the_arms_do_not_share_leaves_one()
    {
        var quiet = Run(new PersistentES<double>(), new SmoothedQuadratic<double>([1], [1], 0.3));
        var noisy = Run(new PersistentES<double>(), new SelfishNoise());
        Assert.True(noisy.Max(Math.Abs) > 100 * quiet.Max(Math.Abs));
    }

    private static double[] Run(IGradientEstimator<double> estimator, double noise) =>
        Run(estimator, new CommonNoise<double>(new SmoothedQuadratic<double>([1], [1], 0.3), noise));

    private static double[] Run(IGradientEstimator<double> estimator, IStepFunction<double> problem)
    {
        var plan = TestPlans.Of(
            problem,
            estimator,
            new GaussianNoise<double>(0.1),
            new ConstantSchedule(7),
            new WindowSettings(4, 3, 7));
        return [.. TestPlans.Windows(plan, new PairBlock(0, 1), 500).Select(c => c.Gradient.Span[0])];
    }

    // Its random numbers depend on theta, which differs between the arms.
    private sealed class SelfishNoise : IStepFunction<double>
    {
        public string Name => "selfish";

        public ThetaLayout Layout { get; } = new(("lr", []));

        public int StateLength => 1;

        public void InitialTheta(long seed, Span<double> theta) => theta[0] = 0.3;

        public void Initialise(ReadOnlySpan<double> theta, Trajectory trajectory, Span<double> state) => state[0] = 1;

        public double Step(ReadOnlySpan<double> theta, StepKey key, Span<double> state)
        {
            var bits = (uint)BitConverter.DoubleToInt64Bits(theta[0]);
            return 1e3 * key.Stream(RandomStream.InnerNoise).Normal(bits);
        }
    }
}
