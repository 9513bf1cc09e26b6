namespace Involute.Estimators.Plans;

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

    /// <summary>Its pairs by their ids, for messages: "pair 3", "pairs 0 to 15".</summary>
    public override string ToString() => Count == 1 ? $"pair {First}" : $"pairs {First} to {First + Count - 1}";
}
