using Involute.Tasks.Numerics;

namespace Involute.Torch.Tests.Tasks;

/// <summary>The convolutional network of the task 'conv' by loops in double, for one batch.</summary>
/// <param name="channels">Of each convolution.</param>
/// <param name="side">Pixels of a side.</param>
/// <param name="classes">Number of classes.</param>
internal sealed class NaiveConv(IReadOnlyList<int> channels, int side, int classes)
{
    /// <summary>Mean softmax cross-entropy.</summary>
    /// <param name="parameters">As the task lays them out.</param>
    /// <param name="images">[examples][side · side]</param>
    /// <param name="labels">One for each.</param>
    public double Loss(ReadOnlySpan<double> parameters, IReadOnlyList<double[]> images, IReadOnlyList<int> labels)
    {
        var sum = 0.0;
        for (var i = 0; i < images.Count; i++)
        {
            sum += Loss(parameters, images[i], labels[i]);
        }

        return sum / images.Count;
    }

    private double Loss(ReadOnlySpan<double> parameters, double[] image, int label)
    {
        double[][] maps = [image];
        var size = side;
        var at = 0;
        for (var layer = 0; layer < channels.Count; layer++)
        {
            var kernels = parameters.Slice(at, channels[layer] * maps.Length * 9);
            var bias = parameters.Slice(at + kernels.Length, channels[layer]);
            at += kernels.Length + bias.Length;
            (maps, size) = Convolve(maps, size, kernels, bias, layer == 0 ? 2 : 1);
        }

        var logits = new double[classes];
        for (var c = 0; c < classes; c++)
        {
            logits[c] = parameters[at + (maps.Length * classes) + c];
            for (var m = 0; m < maps.Length; m++)
            {
                logits[c] += maps[m].Average() * parameters[at + (m * classes) + c];
            }
        }

        return PortableMath.Log(logits.Sum(PortableMath.Exp)) - logits[label];
    }

    private static (double[][] Maps, int Size) Convolve(
        double[][] maps, int size, ReadOnlySpan<double> kernels, ReadOnlySpan<double> bias, int stride)
    {
        var half = ((size + 2 - 3) / stride) + 1;
        var result = new double[bias.Length][];
        for (var o = 0; o < result.Length; o++)
        {
            result[o] = new double[half * half];
            for (var y = 0; y < half; y++)
            {
                for (var x = 0; x < half; x++)
                {
                    var sum = bias[o];
                    for (var i = 0; i < maps.Length; i++)
                    {
                        for (var k = 0; k < 9; k++)
                        {
                            var (row, column) = ((y * stride) + (k / 3) - 1, (x * stride) + (k % 3) - 1);
                            if (row >= 0 && row < size && column >= 0 && column < size)
                            {
                                sum += maps[i][(row * size) + column] * kernels[(((o * maps.Length) + i) * 9) + k];
                            }
                        }
                    }

                    result[o][(y * half) + x] = Math.Max(0, sum);
                }
            }
        }

        return (result, half);
    }
}
