using Involute.Actors.Protocol;
using Involute.Estimators.Estimation;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Numerics;

namespace Involute.Actors.Learning;

/// <summary>
/// Whether an answer of a worker can be one of this run: shape, lengths, header, finiteness and ranges. It is asked
/// before an answer touches the step's sum, a checkpoint or the ledger.
/// </summary>
/// <remarks>
/// What it cannot see is a number that is wrong and plausible: what computes a run is compared when a worker joins, and
/// <c>verify --replay</c> computes again.
/// </remarks>
/// <param name="plan">Everything that decides theta.</param>
/// <param name="stateProblem">What is wrong with a block's state after so many windows; null if nothing is.</param>
internal sealed class AnswerCheck(
    TrainingPlan<float> plan, Func<PairBlock, ReadOnlyMemory<byte>, ThetaVersion, string?> stateProblem)
{
    private readonly int _longestWindow =
        plan.Estimator.Needs.Carry == Carry.Nothing ? int.MaxValue : plan.Windows.Window;

    /// <summary>What cannot be the state of a block; null if it can.</summary>
    /// <param name="block">The block.</param>
    /// <param name="state">Its state.</param>
    /// <param name="windows">Windows that it has had.</param>
    public string? Malformed(PairBlock block, ReadOnlyMemory<byte> state, ThetaVersion windows) =>
        state.IsEmpty ? "no state, which was asked for" : stateProblem(block, state, windows);

    /// <summary>What no worker of this run can have computed; null if it can have.</summary>
    /// <param name="answer">Of a block of the run, under the theta of the step.</param>
    /// <param name="withState">Whether the state after the window was asked for.</param>
    public string? Malformed(PairProtocol.WindowAdvanced answer, bool withState)
    {
        var part = answer.Contribution;
        return part.Gradient.Length != plan.ThetaLength || part.Reports.Count != part.Block.Count
                ? $"a contribution of {part.Gradient.Length} values and {part.Reports.Count} reports"
            : Enumerable.Range(0, part.Reports.Count)
                .Select(pair => Malformed(part.Reports[pair], part.Block.First + pair))
                .FirstOrDefault(problem => problem is not null) is { } wrong ? wrong
            : withState ? Malformed(part.Block, answer.State, part.Version.Next)
            : null;
    }

    /// <summary>
    /// A gradient or loss that is not finite; null if all are. An honest worker has such a one when the run diverges: it is
    /// believed when two nodes say so, or the only one.
    /// </summary>
    public static string? NotFinite(PairProtocol.WindowAdvanced answer)
    {
        var part = answer.Contribution;
        return !FiniteCheck.AllFinite(part.Gradient.Span)
                ? "a gradient that is not finite"
            : part.Reports.Any(report => report.Steps > 0 && !double.IsFinite(report.MeanLoss))
                ? "a mean loss that is not finite"
            : null;
    }

    private string? Malformed(PairReport report, int pair)
    {
        var steps = (long)report.Steps;
        return report.Pair != pair ? $"a report of pair {report.Pair} in the place of pair {pair}"
            : steps < 0 || steps > _longestWindow ? $"pair {pair}: {steps} steps in a window"
            : report.InnerStepBefore < 0 || report.InnerStepAfter < 0
                ? $"pair {pair}: from inner step {report.InnerStepBefore} to {report.InnerStepAfter}"
            : report.Resets < 0 || report.Resets > steps + 1 ? $"pair {pair}: {report.Resets} resets in {steps} steps"
            : report.DivergedArms is < 0 or > 2 ? $"pair {pair}: {report.DivergedArms} arms of two have diverged"
            : steps == 0 && double.IsFinite(report.MeanLoss) ? $"pair {pair}: a loss without a step"
            : null;
    }
}
