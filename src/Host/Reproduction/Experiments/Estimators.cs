using Involute.Estimators.Estimation;
using Involute.Hosting.Reproduction.Parameters;

namespace Involute.Hosting.Reproduction.Experiments;

/// <summary>Makes the product's estimators from their short names.</summary>
internal static class Estimators
{
    /// <summary>An estimator.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="stretch">Steps that a perturbation of gpes lasts.</param>
    public static IGradientEstimator<double> Create(string name, int stretch = 1) => name switch
    {
        EstimatorNames.Pes => new PersistentES<double>(),
        EstimatorNames.Nres or EstimatorNames.NresOnline => new NoiseReuseES<double>(),
        EstimatorNames.Gpes => new GeneralizedPES<double>(new GeneralizedPESSettings(stretch)),
        EstimatorNames.Tes => new TruncatedES<double>(),
        EstimatorNames.PesAnalytic => new AnalyticPES<double>(),
        EstimatorNames.Tbptt => new TruncatedGrad<double>(),
        EstimatorNames.Rtrl => new RealTimeGrad<double>(),
        EstimatorNames.Full => new FullES<double>(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no estimator of these experiments"),
    };
}
