using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>A vision transformer with the mean over the patches in place of the class token.</summary>
/// <remarks>Dosovitskiy et al., arXiv 2010.11929, equations 1 to 4.</remarks>
internal sealed class NaiveVit(int patch, int blocks, int heads, double[][] images, int[] labels)
    : NaiveClassifier(images, labels)
{
    protected override double[][] Logits(NamedTensors parameters, double[][] batch) =>
        [.. batch.Select(image => Logits(parameters, image))];

    private double[] Logits(NamedTensors p, double[] image)
    {
        double[][] x = [.. NaivePatches.Of(image, patch).Select(pixels => Dense(pixels, p["patch/w"], p["patch/b"]))];
        for (var place = 0; place < x.Length; place++)
        {
            x[place] = Sum(x[place], p["position"].Slice(place * x[place].Length, x[place].Length).ToArray());
        }

        return Dense(Mean(NaiveTransformer.Run(p, x, blocks, heads, causal: false)), p["output/w"], p["output/b"]);
    }
}
