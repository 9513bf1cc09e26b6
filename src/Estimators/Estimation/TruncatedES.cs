using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Which lane both arms start a window from.</summary>
public enum TruncatedCarry
{
    /// <summary>A lane that always runs under the unperturbed theta.</summary>
    Unperturbed,

    /// <summary>The positive arm, as google/learned_optimization does.</summary>
    Positive,
}

/// <summary>Options of <see cref="TruncatedES{T}"/>.</summary>
/// <param name="Carry">Which lane both arms start a window from.</param>
/// <param name="SignLossDiff">See <c>sign-loss-diff</c>; null leaves differences as they are.</param>
public sealed record TruncatedESSettings(
    TruncatedCarry Carry = TruncatedCarry.Unperturbed, double? SignLossDiff = null);

/// <summary>
/// Evolution strategies on windows: both arms start each window from one state, so that a window's loss difference shows
/// what theta does within the window only. Biased towards what helps soon.
/// </summary>
/// <remarks>
/// The truncated ES of Metz et al., "Understanding and correcting pathologies in the training of learned optimizers",
/// ICML 2019: g = Δ ε / (2 sigma²), Δ the window's loss difference.
/// </remarks>
public sealed class TruncatedES<T>(TruncatedESSettings? settings = null) : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly TruncatedESSettings _settings = settings ?? new TruncatedESSettings();

    /// <inheritdoc/>
    public string Name => "truncated-es";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = settings?.Carry == TruncatedCarry.Positive
        ? new(ArmSet.Antithetic, Carry.Positive)
        : new(ArmSet.AntitheticAndCentre, Carry.Centre);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfWindow(seed, pair, window);

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        var sign = new SignRule(_settings.SignLossDiff, window.Segments);
        var delta = 0.0;
        foreach (var segment in window.Segments)
        {
            delta += sign.Delta(segment);
        }

        var epsilon = window.Epsilon(window.Segments[0].Noise);
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] += window.Scale * delta * double.CreateTruncating(epsilon[i]);
        }
    }
}
