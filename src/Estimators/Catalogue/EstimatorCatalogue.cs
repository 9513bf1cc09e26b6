using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;

namespace Involute.Estimators.Catalogue;

/// <summary>The components of this assembly, a line each: gradient estimators, meta-optimizers.</summary>
public static class EstimatorCatalogue
{
    /// <summary>Their options records, in the order in which they are listed.</summary>
    public static IReadOnlyList<Type> Components { get; } =
    [
        typeof(PersistentESOptions),
        typeof(FullESOptions),
        typeof(TruncatedESOptions),
        typeof(NoiseReuseESOptions),
        typeof(GeneralizedPESOptions),
        typeof(TelescopingPESOptions),
        typeof(AnalyticPESOptions),
        typeof(TruncatedGradOptions),
        typeof(RealTimeGradOptions),
        typeof(FullGradOptions),

        typeof(MetaAdamOptions),
        typeof(MetaSgdOptions),
    ];
}
