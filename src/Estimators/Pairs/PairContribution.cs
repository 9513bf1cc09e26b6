using System.Numerics;
using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;

namespace Involute.Estimators.Pairs;

/// <summary>What one pair did in one window.</summary>
/// <param name="Pair">Id of the pair.</param>
/// <param name="InnerStepBefore">Its step counter before the window.</param>
/// <param name="InnerStepAfter">Its step counter after the window; smaller means that it was reset.</param>
/// <param name="Steps">Training steps in the window, per arm.</param>
/// <param name="MeanLoss">Mean normalised loss over the steps and both arms; NaN when there was no training
/// step.</param>
/// <param name="Resets">Trajectories that ended in the window.</param>
/// <param name="DivergedArms">Arms that were frozen at some segment's end, 0 to 2.</param>
/// <param name="Trajectory">The trajectory that diverged, if one did; else the current one. With the seed, the pair and
/// the theta version it names the randomness that reproduces the window.</param>
public readonly record struct PairReport(
    int Pair, int InnerStepBefore, int InnerStepAfter, int Steps, double MeanLoss, int Resets, int DivergedArms,
    uint Trajectory);

/// <summary>What one pair actor answers for one outer step.</summary>
/// <param name="Block">Its pairs.</param>
/// <param name="Version">The theta it ran under.</param>
/// <param name="Gradient">Sum of its pairs' gradient estimates, one rounding from double.</param>
/// <param name="Reports">One per pair, in pair order.</param>
public sealed record PairContribution<T>(
    PairBlock Block, ThetaVersion Version, ReadOnlyMemory<T> Gradient, IReadOnlyList<PairReport> Reports)
    where T : struct, IFloatingPointIeee754<T>;

/// <summary>Sums the estimates of a block's pairs in double, in pair order, and rounds once.</summary>
internal readonly ref struct ContributionSum<T>(TrainingPlan<T> plan, PairBlock block, ComputeSlot<T> slot)
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly Span<double> _gradient = slot.Gradient(plan.ThetaLength);
    private readonly PairReport[] _reports = new PairReport[block.Count];

    /// <summary>Adds the estimate of a pair, by its index in the block, and brings its trail up to date.</summary>
    public void Add(int pair, PairWindow window, NoiseTrail<T> trail, TrailAction action) => plan.Estimator.Fold(
        new WindowFold<T>(
            window.Segments(), trail, action, plan.Noise, slot.Perturbation(pair, plan.ThetaLength), plan.ThetaLength)
        {
            EvaluatedDelta = window.EvaluatedDelta,
            Tangents = window.Tangents(),
        },
        _gradient);

    /// <summary>Writes down what a pair did, by its index in the block.</summary>
    public void Report(int pair, PairWindow window, int innerStepBefore, TruncationCursor cursor) =>
        _reports[pair] = new PairReport(
            block.First + pair, innerStepBefore, cursor.InnerStep, window.Steps, window.MeanLoss,
            window.Resets, window.DivergedArms, window.DivergedTrajectory ?? cursor.Trajectory);

    public PairContribution<T> Rounded(ThetaVersion version) =>
        new(block, version, ElementSums.Rounded<T>(_gradient), _reports);
}
