using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>How far a trajectory has come, on eleven scales: tanh(k / s − 1), from −0.76 at the start to 1.</summary>
/// <remarks>The same for every parameter, and not normalised.</remarks>
internal static class TimeFeatures
{
    /// <summary>Number of scales.</summary>
    public const int Count = 11;

    /// <summary>Updates of which each scale is.</summary>
    public static ReadOnlySpan<double> Scales => [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

    /// <summary>Feature i after <paramref name="iteration"/> updates.</summary>
    public static float Of(float iteration, int i)
    {
        // tanh x = 1 − 2 / (e^2x + 1); the runtime's own tanh has other bits on other machines.
        var x = (iteration / Scales[i]) - 1;
        return (float)(1 - (2 / (PortableMath.Exp(2 * x) + 1)));
    }
}
