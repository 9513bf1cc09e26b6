using Involute.Estimators.Estimation;
using Involute.Reproduction.Parameters;

namespace Involute.Reproduction.Experiments;

/// <summary>Makes the product's estimators from their short names.</summary>
internal static class Estimators
{
    /// <summary>
    /// Antithetic pairs of an estimator that gets so many particles; derivatives have no noise and need one pair.
    /// </summary>
    public static int Pairs(string name, int particles) =>
        name is EstimatorNames.Tbptt or EstimatorNames.Rtrl ? 1 : particles / 2;

    /// <summary>An estimator.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="stretch">Steps that share a perturbation of gpes.</param>
    public static IGradientEstimator<double> Create(string name, int stretch = 1) => EstimatorNames.Options(name) switch
    {
        GeneralizedPESOptions options => (options with { Stretch = stretch }).Create<double>(),
        { } options => options.Create<double>(),
        null => throw new ArgumentOutOfRangeException(nameof(name), name, "not an estimator of these experiments"),
    };
}
