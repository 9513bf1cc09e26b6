using System.Numerics;
using Involute.Tasks.Components;

namespace Involute.Estimators.Estimation;

/// <summary>Options of a gradient estimator: how losses become a gradient of theta.</summary>
[ComponentKind("estimator", "estimators")]
public abstract record EstimatorOptions : ComponentOptions
{
    /// <summary>Makes the estimator; runs use float, published experiments double.</summary>
    public abstract IGradientEstimator<T> Create<T>()
        where T : struct, IFloatingPointIeee754<T>;
}
