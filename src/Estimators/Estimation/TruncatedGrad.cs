using System.Numerics;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="TruncatedGrad{T}"/>, which has none.</summary>
[Component(
    "truncated-grad", "the exact gradient of each window, its first state taken as a constant (TBPTT)",
    Aliases = ["tbptt"],
    Theirs = ["TruncatedGrad"],
    Source = "Williams and Peng, An efficient gradient-based algorithm for on-line training, 1990")]
public sealed record TruncatedGradOptions : EstimatorOptions
{
    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new TruncatedGrad<T>();
}

/// <summary>
/// Truncated backpropagation through time: the exact gradient of the window's loss by theta, the state at the window's
/// start taken as a constant. No noise, and biased towards what helps soon.
/// </summary>
/// <remarks>
/// Williams and Peng, "An efficient gradient-based algorithm for on-line training of recurrent network trajectories",
/// 1990: g = dL_window/dtheta. Computed forward, by tangents that are forgotten at window borders: the same number.
/// </remarks>
public sealed class TruncatedGrad<T> : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "truncated-grad";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(ArmSet.CentreOnly, Carry.Arms, Tangents: TangentSpan.Window);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfWindow(seed, pair, window);

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] += window.Tangents.Before[i] + window.Tangents.After[i];
        }
    }
}
