using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Which lane both arms start a window from.</summary>
public enum TruncatedCarry
{
    /// <summary>A lane that always runs under the unperturbed theta.</summary>
    [Word("a lane of its own, which runs under the unperturbed theta")]
    Unperturbed,

    /// <summary>The positive arm, as google/learned_optimization does.</summary>
    [Word("the positive arm, as google/learned_optimization does")]
    Positive,
}

/// <summary>Options of <see cref="TruncatedES{T}"/>.</summary>
[Component(
    "truncated-es", "forgets perturbations at every window: little noise, biased towards what helps soon",
    Aliases = ["tes"], Theirs = ["TruncatedES"],
    Source = "Metz et al., Understanding and correcting pathologies in the training of learned optimizers, ICML 2019")]
public sealed record TruncatedESOptions : EstimatorOptions
{
    /// <summary>Which lane both arms start a window from.</summary>
    [Option("Which state both arms start a window from.")]
    public TruncatedCarry Carry { get; init; }

    /// <summary>
    /// Every step's loss difference becomes this times the sign of the window's; null leaves differences as they are.
    /// </summary>
    [Option(SignRule.Explanation, Least = 0, AboveLeast = true, Most = 1e30, Theirs = ["sign_delta_loss_scalar"])]
    public double? SignLossDiff { get; init; }

    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new TruncatedES<T>(this);
}

/// <summary>
/// Evolution strategies on windows: both arms start each window from one state, so that a window's loss difference
/// shows what theta does within the window only. Biased towards what helps soon.
/// </summary>
/// <remarks>
/// The truncated ES of Metz et al., "Understanding and correcting pathologies in the training of learned optimizers",
/// ICML 2019: g = Δ ε / (2 sigma²), Δ the window's loss difference.
/// </remarks>
public sealed class TruncatedES<T>(TruncatedESOptions? options = null) : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "truncated-es";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = options?.Carry == TruncatedCarry.Positive
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
        var sign = new SignRule(options?.SignLossDiff, window.Segments);
        var delta = 0.0;
        foreach (var segment in window.Segments)
        {
            delta += sign.Delta(segment);
        }

        ElementSums.Add(gradient, 1, window.Scale * delta, window.Epsilon(window.Segments[0].Noise));
    }
}
