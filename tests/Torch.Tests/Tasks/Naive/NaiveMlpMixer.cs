using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>Tolstikhin et al., arXiv 2105.01601, equation 1 and figure 1.</summary>
internal sealed class NaiveMlpMixer(int patch, int blocks, double[][] images, int[] labels)
    : NaiveClassifier(images, labels)
{
    protected override double[][] Logits(NamedTensors parameters, double[][] batch) =>
        [.. batch.Select(image => Logits(parameters, image))];

    private double[] Logits(NamedTensors p, double[] image)
    {
        double[][] x = [.. NaivePatches.Of(image, patch).Select(pixels => Dense(pixels, p["patch/w"], p["patch/b"]))];
        for (var block = 0; block < blocks; block++)
        {
            // X + W2 gelu(W1 norm(X)): over the patches, for each feature.
            var name = $"block{block}/patches";
            var normal = Normal(p, name, x);
            for (var feature = 0; feature < x[0].Length; feature++)
            {
                var mixed = Mix(p, name, [.. normal.Select(row => row[feature])]);
                for (var place = 0; place < x.Length; place++)
                {
                    x[place][feature] += mixed[place];
                }
            }

            // And over the features, for each patch.
            name = $"block{block}/features";
            normal = Normal(p, name, x);
            for (var place = 0; place < x.Length; place++)
            {
                x[place] = Sum(x[place], Mix(p, name, normal[place]));
            }
        }

        return Dense(Mean(Normal(p, "output", x)), p["output/w"], p["output/b"]);
    }

    private static double[][] Normal(NamedTensors p, string name, double[][] rows) =>
        [.. rows.Select(row => LayerNorm(row, p[$"{name}/gain"], p[$"{name}/shift"]))];

    private static double[] Mix(NamedTensors p, string name, double[] x) =>
        Dense(Gelu(Dense(x, p[$"{name}/w0"], p[$"{name}/b0"])), p[$"{name}/w1"], p[$"{name}/b1"]);
}
