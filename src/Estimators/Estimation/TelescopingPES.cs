using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="TelescopingPES{T}"/>, which has none.</summary>
[Component(
    "telescoping-pes", "persistent-es for the loss of a trajectory's last step",
    Source = "Vicol, Metz, Sohl-Dickstein, PES, ICML 2021, code published with it")]
public sealed record TelescopingPESOptions : EstimatorOptions
{
    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new TelescopingPES<T>();
}

/// <summary>
/// Telescoping persistent evolution strategies, for the loss of a trajectory's last step: each window adds what it has
/// changed of the estimate of the current loss's gradient. The sum over a trajectory is exactly that of its last loss.
/// </summary>
/// <remarks>
/// Vicol, Metz, Sohl-Dickstein, PES, ICML 2021, as in the code published with it: with δ(t) the arms' difference of the
/// loss at the end of window t, g(t) = (δ(t) ξ(t) − δ(t−1) ξ(t−1)) / (2 sigma²). <c>window-loss</c> does not apply. The
/// expectation of a window is that of the whole divided by the number of a trajectory's windows.
/// </remarks>
public sealed class TelescopingPES<T> : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "telescoping-pes";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(ArmSet.Antithetic, Carry.Arms, Trail: true, Scalars: 1);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfWindow(seed, pair, window);

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        var (onTrail, onEpsilon) = Credits(window.Segments);
        ref var previous = ref window.Trail.Scalars[0];
        if (window.Segments[0].FirstStep > 0)
        {
            onTrail -= double.CreateTruncating(previous);
        }

        var epsilon = window.Epsilon(window.Segments[0].Noise);
        ElementSums.Add(gradient, window.Scale, onTrail, window.Trail.Sum, onEpsilon, epsilon);
        previous = T.CreateTruncating(window.Segments[^1].LastDelta);
        window.Trail.Add(epsilon);
        window.Trail.Settle(window.TrailAction, epsilon);
    }

    // Of each trajectory in the window, the difference where the window or the trajectory ends: that of the one that
    // the window found under way belongs to the accumulated perturbation as well.
    private static (double OnTrail, double OnEpsilon) Credits(ReadOnlySpan<SegmentRecord> segments)
    {
        var onTrail = 0.0;
        var onEpsilon = 0.0;
        var foundUnderWay = true;
        for (var i = 0; i < segments.Length; i++)
        {
            foundUnderWay &= segments[i].FirstStep > 0;
            if (i + 1 == segments.Length || segments[i + 1].FirstStep == 0)
            {
                // Rounded as it is remembered, so that the sum telescopes exactly.
                var delta = double.CreateTruncating(T.CreateTruncating(segments[i].LastDelta));
                onTrail += foundUnderWay ? delta : 0;
                onEpsilon += delta;
            }
        }

        return (onTrail, onEpsilon);
    }
}
