using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>
/// The arithmetic of the reference system: two tasks, four steps, sigma 0.01, xi = (.02, −.01), ε = (.01, .03).
/// </summary>
public sealed class SignRuleTests
{
    // Task 1: differences 0, −.02, −.03, −.06. Task 2: 0 and −.1 of which the done step counts as after the reset, one
    // masked step, 0.
    private static readonly NoiseKey Key = NoiseKey.OfWindow(0, 0, 0);
    private static readonly SegmentRecord[] Task1 = [new(Key, -0.11 / 4, false, FirstStep: 2, Share: 1)];
    private static readonly SegmentRecord[] Task2 =
    [
        new(Key, 0, false, FirstStep: 2, Share: 1.0 / 3),
        new(Key, -0.1 / 3, true, FirstStep: 3, Share: 1.0 / 3),
        new(Key, 0, true, FirstStep: 0, Share: 1.0 / 3),
    ];

    [Fact]
    public void Persistent_es_credits_signs_as_the_reference_does()
    {
        var estimator = new PersistentES<double>(new PersistentESOptions { SignLossDiff = 1 });
        Assert.Equal(-150, Fold(estimator, Task1, 0.02, 0.01, TrailAction.Keep), 1e-9);
        Assert.Equal(-400.0 / 3, Fold(estimator, Task2, -0.01, 0.03, TrailAction.ReplaceByCurrent), 1e-9);
    }

    [Fact]
    public void Truncated_es_matches_the_reference_with_and_without_signs()
    {
        var plain = new TruncatedES<double>();
        Assert.Equal(-1.375, Fold(plain, Task1, 0.02, 0.01, TrailAction.Keep), 1e-12);
        Assert.Equal(-5, Fold(plain, Task2, -0.01, 0.03, TrailAction.ReplaceByCurrent), 1e-12);
        var sign = new TruncatedES<double>(new TruncatedESOptions { SignLossDiff = 2 });
        Assert.Equal(-100, Fold(sign, Task1, 0.02, 0.01, TrailAction.Keep), 1e-9);
        Assert.Equal(-300, Fold(sign, Task2, -0.01, 0.03, TrailAction.ReplaceByCurrent), 1e-9);
    }

    // A window without any difference has no sign.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 25)]
    [InlineData(-1e-9, -25)]
    public void Noise_reuse_and_gpes_take_the_sign_of_the_window(double delta, double expected)
    {
        SegmentRecord[] segments = [new(Key, delta, false, FirstStep: 0, Share: 0.5)];
        var nres = new NoiseReuseES<double>(new NoiseReuseESOptions { SignLossDiff = 1 });
        var gpes = new GeneralizedPES<double>(new GeneralizedPESOptions { Stretch = 3, SignLossDiff = 1 });
        Assert.Equal(expected, Fold(nres, segments, 0, 0.01, TrailAction.Keep), 1e-9);
        Assert.Equal(expected, Fold(gpes, segments, 7, 0.01, TrailAction.Keep), 1e-9);
    }

    private static double Fold(
        IGradientEstimator<double> estimator, SegmentRecord[] segments, double trail, double epsilon,
        TrailAction action)
    {
        var accumulated = new NoiseTrail<double>(estimator.Needs.Trail ? 1 : 0);
        if (estimator.Needs.Trail)
        {
            accumulated.Add([trail]);
        }

        double[] gradient = [0];
        estimator.Fold(
            new WindowFold<double>(segments, accumulated, action, new ListedNoise(0.01, epsilon), new Perturbation<double>(), length: 1),
            gradient);
        return gradient[0];
    }
}
