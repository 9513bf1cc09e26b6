using System.Numerics;
using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;

namespace Involute.Estimators.Pairs;

/// <summary>Sums the estimates of a block's pairs in double, in pair order, and rounds once.</summary>
internal readonly ref struct ContributionSum<T>(TrainingPlan<T> plan, PairBlock block, ComputeSlot<T> slot)
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly Span<double> _gradient = slot.Gradient(plan.ThetaLength);
    private readonly PairReport[] _reports = new PairReport[block.Count];

    /// <summary>Adds one pair's estimate of its window, and brings its trail up to date.</summary>
    public void Add(PairWindow window, NoiseTrail<T> trail, TrailAction action) => plan.Estimator.Fold(
        new WindowFold<T>(window.Segments(), trail, action, plan.Noise, slot.Epsilon(plan.ThetaLength))
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

    public PairContribution<T> Rounded(ThetaVersion version)
    {
        var rounded = new T[_gradient.Length];
        for (var i = 0; i < rounded.Length; i++)
        {
            rounded[i] = T.CreateTruncating(_gradient[i]);
        }

        return new PairContribution<T>(block, version, rounded, _reports);
    }
}
