using System.Numerics;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="FullGrad{T}"/>, which has none.</summary>
[Component(
    "full-grad", "the exact gradient of whole trajectories",
    Theirs = ["FullGrad"])]
public sealed record FullGradOptions : EstimatorOptions
{
    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new FullGrad<T>();
}

/// <summary>
/// The exact gradient of a whole trajectory's loss by theta: each window is one new trajectory from reset to horizon,
/// its initial state included.
/// </summary>
/// <remarks>
/// g = dL/dtheta, what FullES tends to as sigma goes to 0. Useless where the unroll is chaotic: Metz et al.,
/// "Gradients are not all you need", 2021.
/// </remarks>
public sealed class FullGrad<T> : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "full-grad";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(ArmSet.CentreOnly, Carry.Nothing, Tangents: TangentSpan.Trajectory);

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
