using System.Globalization;
using Involute.Estimators.Catalogue;
using Involute.Estimators.Estimation;
using Involute.Tasks.Components;

namespace Involute.Estimators.Tests.Problems;

/// <summary>
/// Estimators by the names that test rows use: names and aliases of the components, and two variants of them.
/// </summary>
internal static class Estimators
{
    private const string Generalized = "gpes";

    private static readonly ComponentCatalogue Known = new(EstimatorCatalogue.Components);

    public static IGradientEstimator<double> Of(string name) => Of<double>(name);

    public static IGradientEstimator<T> Of<T>(string name)
        where T : struct, System.Numerics.IFloatingPointIeee754<T> => Options(name).Create<T>();

    private static EstimatorOptions Options(string name) => name switch
    {
        "tes-positive" => new TruncatedESOptions { Carry = TruncatedCarry.Positive },
        _ when name.StartsWith(Generalized, StringComparison.Ordinal) => new GeneralizedPESOptions
        {
            Stretch = int.Parse(name[Generalized.Length..], CultureInfo.InvariantCulture),
        },
        _ => Known.Find(ComponentKind.Of(typeof(EstimatorOptions)), name)?.Defaults() as EstimatorOptions
            ?? throw new ArgumentException($"no estimator {name}"),
    };
}
