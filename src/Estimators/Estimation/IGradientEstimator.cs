using System.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Estimators.Estimation;

/// <summary>How losses of perturbed unrolls become an estimate of the meta-gradient.</summary>
/// <remarks>
/// All estimators have the same parts in the same order: what they need of a pair, which perturbation a step runs
/// under, and the fold of a window's segments into a gradient. A diff between two of them is the algorithm. Stateless
/// and shared between threads.
/// </remarks>
public interface IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Name, as in the configuration.</summary>
    string Name { get; }

    /// <summary>What each pair must have.</summary>
    EstimatorNeeds Needs { get; }

    /// <summary>Steps until the perturbation changes other than at a window's border or a reset.</summary>
    /// <param name="age">Steps since the trajectory's true start.</param>
    int StepsUntilNoiseChange(int age);

    /// <summary>Names the perturbation that a step runs under.</summary>
    NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age);

    /// <summary>Adds one pair's gradient estimate of one window, and brings its trail up to date.</summary>
    /// <param name="window">The window's segments, in order.</param>
    /// <param name="gradient">Sum over the pairs before, in double.</param>
    void Fold(WindowFold<T> window, Span<double> gradient);
}
