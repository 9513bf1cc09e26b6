using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>How losses of perturbed unrolls become an estimate of the meta-gradient.</summary>
/// <remarks>
/// All estimators have the same parts in the same order: which lanes, what lasts between windows, how long a window is,
/// which perturbation a step runs under, and the fold of a window's segments into a gradient. Stateless and shared.
/// </remarks>
public interface IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Name, as in the configuration.</summary>
    string Name { get; }

    /// <summary>Lanes that each pair needs.</summary>
    ArmSet Arms { get; }

    /// <summary>Whether unrolls go on from window to window. If not, each window is one whole new trajectory.</summary>
    bool CarriesState { get; }

    /// <summary>Whether the sum of past perturbations is kept.</summary>
    bool KeepsTrail { get; }

    /// <summary>Inner steps of the next window.</summary>
    /// <param name="windowLength">The configured length.</param>
    /// <param name="stepsLeft">Steps until the current trajectory's horizon.</param>
    int WindowSteps(int windowLength, int stepsLeft);

    /// <summary>Steps until the perturbation changes other than at a window's border.</summary>
    /// <param name="age">Steps since the trajectory's true start.</param>
    int StepsUntilNoiseChange(int age);

    /// <summary>Names the perturbation that a step runs under.</summary>
    NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age);

    /// <summary>Adds one pair's gradient estimate of one window, and brings its trail up to date.</summary>
    /// <param name="window">The window's segments, in order.</param>
    /// <param name="gradient">Sum over the pairs before, in double.</param>
    void Fold(WindowFold<T> window, Span<double> gradient);
}
