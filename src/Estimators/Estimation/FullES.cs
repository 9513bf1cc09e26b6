using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>How a trajectory's losses become one number.</summary>
public enum TrajectoryLoss
{
    /// <summary>What <c>window-loss</c> says; by default the mean over the trajectory.</summary>
    [Word("what window-loss says, by default the mean", Text = "avg")]
    Average,

    /// <summary>The lowest of the trajectory's losses, for each arm by itself.</summary>
    [Word("the lowest loss, for each arm by itself", Text = "min")]
    Lowest,

    /// <summary>The loss of the last step.</summary>
    [Word("that of the last step")]
    Last,

    /// <summary>The loss of the final state, measured on fresh batches that both arms share.</summary>
    [Word("that of the final state on fresh batches", Text = "last-recompute")]
    LastRecomputed,
}

/// <summary>Options of <see cref="FullES{T}"/>.</summary>
[Component(
    "full-es", "whole trajectories, nothing remembered: exact about what it optimises, slow to answer",
    Aliases = ["full"], Theirs = ["FullES", "PMAPFullES"],
    Source = "Salimans et al., Evolution strategies as a scalable alternative to reinforcement learning, 2017")]
public sealed record FullESOptions : EstimatorOptions
{
    /// <summary>How a trajectory's losses become one number.</summary>
    [Option("How a trajectory's losses become one number.", Theirs = ["loss_type"])]
    public TrajectoryLoss Loss { get; init; }

    /// <summary>Batches of <see cref="TrajectoryLoss.LastRecomputed"/>, at least 1.</summary>
    [Option("Batches that last-recompute averages over.", Least = 1, Most = 1_000_000, Theirs = ["recompute_samples"])]
    public int RecomputeBatches { get; init; } = 50;

    /// <summary>The arms' loss difference is clipped to [−this, this]; null does not clip.</summary>
    [Option(
        "Largest loss difference, in magnitude.", Least = 0, AboveLeast = true, Most = 1e30,
        Theirs = ["clip_loss_diff"])]
    public double? ClipLossDiff { get; init; }

    /// <summary>The difference, clipped, is replaced by this times its sign; null leaves it as it is.</summary>
    [Option(
        "The loss difference, once clipped, becomes this times its sign. " + SignRule.Reason, Least = 0,
        AboveLeast = true,
        Most = 1e30, Theirs = ["sign_delta_loss_scalar"])]
    public double? SignLossDiff { get; init; }

    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new FullES<T>(this);
}

/// <summary>
/// Evolution strategies over whole trajectories: each window is one new trajectory from reset to horizon under one
/// perturbation, and nothing is carried over. Optimises the mean over trajectories of the trajectory's loss.
/// </summary>
/// <remarks>
/// Salimans et al., "Evolution strategies as a scalable alternative to reinforcement learning", 2017, with antithetic
/// sampling: g = Δ ε / (2 sigma²), Δ = difference of the arms' trajectory losses.
/// </remarks>
public sealed class FullES<T>(FullESOptions? options = null) : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly FullESOptions _options = options ?? new FullESOptions();

    /// <inheritdoc/>
    public string Name => "full-es";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(
        ArmSet.Antithetic,
        Carry.Nothing,
        EvaluationBatches: options?.Loss == TrajectoryLoss.LastRecomputed ? options.RecomputeBatches : 0);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfWindow(seed, pair, window);

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        // The whole trajectory is one segment: nothing cuts it.
        var delta = _options.Loss switch
        {
            TrajectoryLoss.Average => window.Segments[0].Delta,
            TrajectoryLoss.Lowest => window.Segments[0].MinDelta,
            TrajectoryLoss.Last => window.Segments[0].LastDelta,
            TrajectoryLoss.LastRecomputed => window.EvaluatedDelta,
            _ => throw new InvalidOperationException($"unknown trajectory loss {_options.Loss}"),
        };
        if (_options.ClipLossDiff is { } limit)
        {
            delta = Math.Clamp(delta, -limit, limit);
        }

        if (_options.SignLossDiff is { } size)
        {
            delta = size * Math.Sign(delta);
        }

        ElementSums.Add(gradient, 1, window.Scale * delta, window.Epsilon(window.Segments[0].Noise));
    }
}
