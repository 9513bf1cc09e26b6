using System.Numerics;
using Involute.Estimators.Estimation;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace YourOwnComponents;

/// <summary>What a configuration may say of the estimator.</summary>
[Component("fading-pes", "persistent-es that forgets past perturbations by and by: less noise, some bias")]
public sealed record FadingPESOptions : EstimatorOptions
{
    [Option("Share of the accumulated perturbation that a window keeps. 1 is persistent-es.", Least = 0, Most = 1)]
    public double Memory { get; init; } = 0.9;

    public override IGradientEstimator<T> Create<T>() => new FadingPES<T>(Memory);
}

/// <summary>
/// ξ' = memory · ξ + ε; g = (Δ_before ξ' + Δ_after ε) / (2 sigma²). With memory = 1, persistent-es bit for bit.
/// </summary>
public sealed class FadingPES<T>(double memory) : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    public string Name => "fading-pes";

    public EstimatorNeeds Needs { get; } = new(ArmSet.Antithetic, Carry.Arms, Trail: true);

    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfWindow(seed, pair, window);

    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        var (before, after) = (0.0, 0.0);
        foreach (var segment in window.Segments)
        {
            before += segment.AfterReset ? 0 : segment.Delta;
            after += segment.AfterReset ? segment.Delta : 0;
        }

        var trail = window.Trail.Sum;
        for (var i = 0; i < trail.Length; i++)
        {
            trail[i] *= T.CreateTruncating(memory);
        }

        var epsilon = window.Epsilon(window.Segments[0].Noise);
        window.Trail.Add(epsilon);
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] += window.Scale
                * ((before * double.CreateTruncating(trail[i])) + (after * double.CreateTruncating(epsilon[i])));
        }

        window.Trail.Settle(window.TrailAction, epsilon);
    }
}
