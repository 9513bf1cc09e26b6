using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>What one number a trajectory's losses become.</summary>
public enum TrajectoryLoss
{
    /// <summary>What <c>window-loss</c> says; by default the mean over the trajectory.</summary>
    Average,

    /// <summary>The lowest of the trajectory's losses, for each arm by itself.</summary>
    Lowest,

    /// <summary>The loss of the last step.</summary>
    Last,

    /// <summary>The loss of the final state, measured on fresh batches that both arms share.</summary>
    LastRecomputed,
}

/// <summary>Options of <see cref="FullES{T}"/>.</summary>
/// <param name="Loss">What one number a trajectory's losses become.</param>
/// <param name="RecomputeBatches">Batches of <see cref="TrajectoryLoss.LastRecomputed"/>, at least 1.</param>
/// <param name="ClipLossDiff">The arms' loss difference is clipped to [−this, this]; null does not clip.</param>
/// <param name="SignLossDiff">The difference, clipped, is replaced by this times its sign; null leaves it as it is.</param>
public sealed record FullESSettings(
    TrajectoryLoss Loss = TrajectoryLoss.Average,
    int RecomputeBatches = 50,
    double? ClipLossDiff = null,
    double? SignLossDiff = null);

/// <summary>
/// Evolution strategies over whole trajectories: each window is one new trajectory from reset to horizon under one
/// perturbation, and nothing is carried over. Optimises the mean over trajectories of the trajectory's loss.
/// </summary>
/// <remarks>
/// Salimans et al., "Evolution strategies as a scalable alternative to reinforcement learning", 2017, with antithetic
/// sampling: g = Δ ε / (2 sigma²), Δ = difference of the arms' trajectory losses.
/// </remarks>
public sealed class FullES<T>(FullESSettings? settings = null) : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly FullESSettings _settings = settings ?? new FullESSettings();

    /// <inheritdoc/>
    public string Name => "full-es";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(
        ArmSet.Antithetic,
        Carry.Nothing,
        EvaluationBatches: settings?.Loss == TrajectoryLoss.LastRecomputed ? settings.RecomputeBatches : 0);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfWindow(seed, pair, window);

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        // The whole trajectory is one segment: nothing cuts it.
        var delta = _settings.Loss switch
        {
            TrajectoryLoss.Average => window.Segments[0].Delta,
            TrajectoryLoss.Lowest => window.Segments[0].MinDelta,
            TrajectoryLoss.Last => window.Segments[0].LastDelta,
            TrajectoryLoss.LastRecomputed => window.EvaluatedDelta,
            _ => throw new InvalidOperationException($"unknown trajectory loss {_settings.Loss}"),
        };
        if (_settings.ClipLossDiff is { } limit)
        {
            delta = Math.Clamp(delta, -limit, limit);
        }

        if (_settings.SignLossDiff is { } size)
        {
            delta = size * Math.Sign(delta);
        }

        var epsilon = window.Epsilon(window.Segments[0].Noise);
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] += window.Scale * delta * double.CreateTruncating(epsilon[i]);
        }
    }
}
