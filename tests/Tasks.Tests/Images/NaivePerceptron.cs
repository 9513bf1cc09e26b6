#pragma warning disable RS0030 // an independent implementation uses the platform's functions
namespace Involute.Tasks.Tests.Images;

/// <summary>The textbook perceptron in double, one example at a time: the reference for the kernels.</summary>
internal static class NaivePerceptron
{
    /// <summary>Mean loss and gradient; parameters w0 [in, out], b0, w1, …</summary>
    public static double LossAndGradient(
        int[] widths, double[] parameters, double[][] images, int[] labels, double[]? gradient)
    {
        var loss = 0.0;
        for (var n = 0; n < images.Length; n++)
        {
            loss += OneExample(widths, parameters, images[n], labels[n], gradient, 1.0 / images.Length) / images.Length;
        }

        return loss;
    }

    private static double OneExample(
        int[] widths, double[] parameters, double[] image, int label, double[]? gradient, double weight)
    {
        var layers = widths.Length - 1;
        var starts = new int[layers];
        for (var l = 1; l < layers; l++)
        {
            starts[l] = starts[l - 1] + ((widths[l - 1] + 1) * widths[l]);
        }

        var values = new double[layers + 1][];
        values[0] = image;
        for (var l = 0; l < layers; l++)
        {
            var (inputs, outputs) = (widths[l], widths[l + 1]);
            values[l + 1] = new double[outputs];
            for (var o = 0; o < outputs; o++)
            {
                var sum = parameters[starts[l] + (inputs * outputs) + o];
                for (var i = 0; i < inputs; i++)
                {
                    sum += values[l][i] * parameters[starts[l] + (i * outputs) + o];
                }

                values[l + 1][o] = l + 1 < layers ? Math.Max(sum, 0) : sum;
            }
        }

        var logits = values[layers];
        var largest = logits.Max();
        var total = logits.Sum(z => Math.Exp(z - largest));
        if (gradient is null)
        {
            return Math.Log(total) + largest - logits[label];
        }

        var signal = logits
            .Select((z, c) => weight * ((Math.Exp(z - largest) / total) - (c == label ? 1 : 0)))
            .ToArray();
        for (var l = layers - 1; l >= 0; l--)
        {
            var (inputs, outputs) = (widths[l], widths[l + 1]);
            var below = new double[inputs];
            for (var o = 0; o < outputs; o++)
            {
                gradient[starts[l] + (inputs * outputs) + o] += signal[o];
                for (var i = 0; i < inputs; i++)
                {
                    gradient[starts[l] + (i * outputs) + o] += signal[o] * values[l][i];
                    below[i] += values[l][i] > 0 ? signal[o] * parameters[starts[l] + (i * outputs) + o] : 0;
                }
            }

            signal = below;
        }

        return Math.Log(total) + largest - logits[label];
    }
}
