using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>A language model of causal blocks with learned positions.</summary>
internal sealed class NaiveTransformerLm(int width, int blocks, int heads, int[][] sequences)
    : NaiveLanguageModel(sequences)
{
    protected override double[][] Logits(NamedTensors p, int[] tokens)
    {
        double[][] x =
        [
            .. tokens.Select((token, time) =>
                Sum(Row(p["embedding"], token, width), Row(p["embedding/position"], time, width))),
        ];
        return
        [
            .. NaiveTransformer.Run(p, x, blocks, heads, causal: true)
                .Select(row => Dense(row, p["output/w"], p["output/b"])),
        ];
    }
}
