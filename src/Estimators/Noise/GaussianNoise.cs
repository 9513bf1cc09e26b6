using System.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Estimators.Noise;

/// <summary>Independent N(0, sigma²) components.</summary>
public sealed class GaussianNoise<T> : INoise<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Noise of standard deviation <paramref name="sigma"/>, finite and above 0.</summary>
    public GaussianNoise(double sigma)
    {
        if (!(sigma > 0 && double.IsFinite(sigma)))
        {
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "sigma must be finite and above 0");
        }

        Sigma = sigma;
    }

    /// <inheritdoc/>
    public double Sigma { get; }

    /// <inheritdoc/>
    public void Fill(NoiseKey key, Span<T> epsilon) => key.Numbers.FillNormal(epsilon, Sigma);
}
