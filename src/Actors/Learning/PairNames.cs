using Involute.Estimators.Pairs;

namespace Involute.Actors.Learning;

/// <summary>How a block of pairs is called in a message to a person.</summary>
internal static class PairNames
{
    public static string Of(PairBlock block) =>
        block.Count == 1 ? $"pair {block.First}" : $"pairs {block.First} to {block.First + block.Count - 1}";
}
