using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>Experiments.md A8: noise that both arms share leaves no trace in the estimate.</summary>
public sealed class CommonNoiseTests
{
    [Theory]
    [InlineData("pes")]
    [InlineData("full")]
    [InlineData("tes")]
    [InlineData("tes-positive")]
    [InlineData("nres")]
    [InlineData("gpes2")]
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

    private static double[] Run(IGradientEstimator<double> estimator, double noise)
    {
        var plan = Plans.Of(
            new SmoothedQuadratic(commonNoise: noise),
            estimator,
            new GaussianNoise<double>(0.1),
            new ConstantSchedule(7),
            new WindowSettings(4, 3, 7));
        return [.. Plans.Windows(plan, new PairBlock(0, 1), 500).Select(c => c.Gradient.Span[0])];
    }
}
