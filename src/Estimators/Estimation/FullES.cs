using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>
/// Evolution strategies over whole trajectories: each window is one new trajectory from reset to horizon under one
/// perturbation, and nothing is carried over. Optimises the mean over a trajectory of its mean loss.
/// </summary>
/// <remarks>
/// Salimans et al., "Evolution strategies as a scalable alternative to reinforcement learning", 2017, with antithetic
/// sampling: g = Δ ε / (2 sigma²), Δ = mean over the trajectory's steps of the loss difference.
/// </remarks>
public sealed class FullES<T> : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "full-es";

    /// <inheritdoc/>
    public ArmSet Arms => ArmSet.Antithetic;

    /// <inheritdoc/>
    public bool CarriesState => false;

    /// <inheritdoc/>
    public bool KeepsTrail => false;

    /// <inheritdoc/>
    public int WindowSteps(int windowLength, int stepsLeft) => stepsLeft;

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfWindow(seed, pair, window);

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        var delta = 0.0;
        foreach (var segment in window.Segments)
        {
            delta += segment.Delta;
        }

        var epsilon = window.Epsilon(window.Segments[0].Noise);
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] += window.Scale * delta * double.CreateTruncating(epsilon[i]);
        }
    }
}
