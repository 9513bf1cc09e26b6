using System.Numerics;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="RealTimeGrad{T}"/>, which has none.</summary>
[Component(
    "rtrl", "exact derivatives that are carried from window to window (real-time recurrent learning)",
    Source = "Williams and Zipser, A learning algorithm for continually running fully recurrent neural networks, 1989")]
public sealed record RealTimeGradOptions : EstimatorOptions
{
    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new RealTimeGrad<T>();
}

/// <summary>
/// Real-time recurrent learning: the exact gradient of the window's loss by theta, through the whole trajectory so far.
/// Online: past steps count as if they had run under today's theta.
/// </summary>
/// <remarks>
/// Williams and Zipser, "A learning algorithm for continually running fully recurrent neural networks", 1989:
/// g = ∂L/∂s S + ∂L/∂theta with the state's derivative S carried from window to window.
/// </remarks>
public sealed class RealTimeGrad<T> : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "rtrl";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(ArmSet.CentreOnly, Carry.Arms, Tangents: TangentSpan.Trajectory);

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
