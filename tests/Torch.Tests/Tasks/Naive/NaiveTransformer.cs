using Involute.Tasks.Numerics;
using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>Blocks of a transformer with the normalisation before each part.</summary>
/// <remarks>Vaswani et al., arXiv 1706.03762; Xiong et al., arXiv 2002.04745, figure 1 (b).</remarks>
internal static class NaiveTransformer
{
    /// <summary>Runs the blocks, and the normalisation after the last.</summary>
    /// <param name="p">Parameters.</param>
    /// <param name="x">[places][features]</param>
    /// <param name="blocks">How many.</param>
    /// <param name="heads">Of the attention.</param>
    /// <param name="causal">Whether a place sees no later one.</param>
    public static double[][] Run(NamedTensors p, double[][] x, int blocks, int heads, bool causal)
    {
        for (var block = 0; block < blocks; block++)
        {
            var mixed = Attention(p, $"block{block}/attention", Normal(p, $"block{block}/attention", x), heads, causal);
            x = [.. x.Zip(mixed, Sum)];
            var name = $"block{block}/dense";
            x = [.. x.Zip(Normal(p, name, x).Select(row => Feed(p, name, row)), Sum)];
        }

        return Normal(p, "output", x);
    }

    private static double[][] Normal(NamedTensors p, string name, double[][] rows) =>
        [.. rows.Select(row => LayerNorm(row, p[$"{name}/gain"], p[$"{name}/shift"]))];

    private static double[] Feed(NamedTensors p, string name, double[] x) =>
        Dense(Gelu(Dense(x, p[$"{name}/w0"], p[$"{name}/b0"])), p[$"{name}/w1"], p[$"{name}/b1"]);

    // Section 3.2: softmax(Q Kᵀ / √d) V in each head; the heads side by side through a dense layer.
    private static double[][] Attention(NamedTensors p, string name, double[][] x, int heads, bool causal)
    {
        var width = x[0].Length;
        var size = width / heads;
        double[][] all = [.. x.Select(row => Dense(row, p[$"{name}/in/w"], p[$"{name}/in/b"]))];
        var result = new double[x.Length][];
        for (var place = 0; place < x.Length; place++)
        {
            var seen = causal ? place + 1 : x.Length;
            var mixed = new double[width];
            for (var head = 0; head < heads; head++)
            {
                var weights = new double[seen];
                for (var other = 0; other < seen; other++)
                {
                    for (var f = head * size; f < (head + 1) * size; f++)
                    {
                        weights[other] += all[place][f] * all[other][width + f];
                    }

                    weights[other] = PortableMath.Exp(weights[other] / Math.Sqrt(size));
                }

                var sum = weights.Sum();
                for (var f = head * size; f < (head + 1) * size; f++)
                {
                    for (var other = 0; other < seen; other++)
                    {
                        mixed[f] += weights[other] / sum * all[other][(2 * width) + f];
                    }
                }
            }

            result[place] = Dense(mixed, p[$"{name}/out/w"], p[$"{name}/out/b"]);
        }

        return result;
    }
}
