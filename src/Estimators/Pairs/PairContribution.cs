using System.Numerics;

namespace Involute.Estimators.Pairs;

/// <summary>A contiguous block of pairs: what one pair actor owns.</summary>
/// <param name="First">Id of the first pair.</param>
/// <param name="Count">Number of pairs, at least 1.</param>
public readonly record struct PairBlock(int First, int Count)
{
    /// <summary>Cuts all pairs of a run into blocks; the last may be short.</summary>
    public static IReadOnlyList<PairBlock> Partition(int pairs, int pairsPerActor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairsPerActor, 1);
        var blocks = new List<PairBlock>((pairs + pairsPerActor - 1) / pairsPerActor);
        for (var first = 0; first < pairs; first += pairsPerActor)
        {
            blocks.Add(new PairBlock(first, Math.Min(pairsPerActor, pairs - first)));
        }

        return blocks;
    }
}

/// <summary>What one pair did in one window.</summary>
/// <param name="Pair">Id of the pair.</param>
/// <param name="InnerStepBefore">Its step counter before the window.</param>
/// <param name="InnerStepAfter">Its step counter after the window; smaller means that it was reset.</param>
/// <param name="Steps">Training steps in the window, per arm.</param>
/// <param name="MeanLoss">Mean normalised loss over the steps and both arms; NaN when there was no training step.</param>
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
