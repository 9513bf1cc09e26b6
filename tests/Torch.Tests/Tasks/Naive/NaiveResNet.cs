using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>
/// He et al., arXiv 1512.03385, sections 3.2 to 3.4: blocks of two convolutions, each normalised over the batch (Ioffe,
/// Szegedy, arXiv 1502.03167), with a projection where the size changes.
/// </summary>
internal sealed class NaiveResNet(int blocks, double[][] images, int[] labels) : NaiveClassifier(images, labels)
{
    protected override double[][] Logits(NamedTensors parameters, double[][] batch)
    {
        var p = parameters;

        // [examples][channels][pixels]
        double[][][] x = [.. batch.Select(image => new[] { image })];
        x = Each(Convolution(p, "stem", x, 3, 1), Relu);
        for (var block = 0; block < blocks; block++)
        {
            var stride = block == 0 ? 1 : 2;
            var changed = Each(Convolution(p, $"block{block}/a", x, 3, stride), Relu);
            changed = Convolution(p, $"block{block}/b", changed, 3, 1);
            var beside = block == 0 ? x : Convolution(p, $"block{block}/skip", x, 1, stride);
            x = [.. changed.Zip(beside, (a, b) => a.Zip(b, (c, d) => Relu(Sum(c, d))).ToArray())];
        }

        return [.. x.Select(maps => Dense([.. maps.Select(map => map.Average())], p["output/w"], p["output/b"]))];
    }

    private static double[][][] Each(double[][][] batch, Converter<double[], double[]> change) =>
        [.. batch.Select(maps => Array.ConvertAll(maps, change))];

    private static double[][][] Convolution(NamedTensors p, string name, double[][][] x, int kernel, int stride)
    {
        var outputs = p[$"{name}/gain"].Length;
        var result = new double[x.Length][][];
        for (var example = 0; example < x.Length; example++)
        {
            result[example] = new double[outputs][];
            for (var o = 0; o < outputs; o++)
            {
                var length = p[$"{name}/w"].Length / outputs;
                result[example][o] = Convolved(x[example], p[$"{name}/w"].Slice(o * length, length), kernel, stride);
            }
        }

        for (var o = 0; o < outputs; o++)
        {
            BatchNorm([.. result.Select(maps => maps[o])], p[$"{name}/gain"][o], p[$"{name}/shift"][o]);
        }

        return result;
    }

    // One map of many, with a border of zeros that keeps its size at a stride of 1.
    private static double[] Convolved(double[][] maps, ReadOnlySpan<double> weights, int kernel, int stride)
    {
        var size = (int)Math.Sqrt(maps[0].Length);
        var (border, small) = (kernel / 2, size / stride);
        var result = new double[small * small];
        var w = 0;
        foreach (var map in maps)
        {
            for (var row = -border; row <= border; row++)
            {
                for (var column = -border; column <= border; column++)
                {
                    Add(map, row, column, weights[w++]);
                }
            }
        }

        return result;

        // Every pixel's neighbour, so many rows and columns away.
        void Add(double[] map, int row, int column, double weight)
        {
            for (var y = 0; y < small; y++)
            {
                for (var x = 0; x < small; x++)
                {
                    var (up, left) = ((y * stride) + row, (x * stride) + column);
                    if (up >= 0 && up < size && left >= 0 && left < size)
                    {
                        result[(y * small) + x] += map[(up * size) + left] * weight;
                    }
                }
            }
        }
    }

    // One channel, over all pixels of all examples.
    private static void BatchNorm(double[][] maps, double gain, double shift)
    {
        var mean = maps.Average(map => map.Average());
        var variance = maps.Average(map => map.Average(value => (value - mean) * (value - mean)));
        foreach (var map in maps)
        {
            for (var i = 0; i < map.Length; i++)
            {
                map[i] = ((map[i] - mean) / Math.Sqrt(variance + Epsilon) * gain) + shift;
            }
        }
    }
}
