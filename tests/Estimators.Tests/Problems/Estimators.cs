using Involute.Estimators.Estimation;

namespace Involute.Estimators.Tests.Problems;

/// <summary>Estimators by the names that test rows use.</summary>
internal static class Estimators
{
    public static IGradientEstimator<double> Of(string name) => Of<double>(name);

    public static IGradientEstimator<T> Of<T>(string name)
        where T : struct, System.Numerics.IFloatingPointIeee754<T> => name switch
        {
            "pes" => new PersistentES<T>(),
            "full" => new FullES<T>(),
            "tes" => new TruncatedES<T>(),
            "tes-positive" => new TruncatedES<T>(new TruncatedESOptions { Carry = TruncatedCarry.Positive }),
            "nres" => new NoiseReuseES<T>(),
            "pes-analytic" => new AnalyticPES<T>(),
            "telescoping-pes" => new TelescopingPES<T>(),
            "tbptt" => new TruncatedGrad<T>(),
            "rtrl" => new RealTimeGrad<T>(),
            "full-grad" => new FullGrad<T>(),
            _ when name.StartsWith("gpes", StringComparison.Ordinal) => new GeneralizedPES<T>(
                new GeneralizedPESOptions { Stretch = int.Parse(name["gpes".Length..], System.Globalization.CultureInfo.InvariantCulture) }),
            _ => throw new ArgumentException($"no estimator {name}"),
        };
}
