using System.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Estimators.Noise;

/// <summary>Where perturbations of theta come from: a pure function of their key.</summary>
public interface INoise<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Standard deviation of each component, above 0.</summary>
    double Sigma { get; }

    /// <summary>Fills <paramref name="epsilon"/> with the perturbation of that key.</summary>
    void Fill(NoiseKey key, Span<T> epsilon);
}
