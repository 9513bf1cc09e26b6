using Involute.Tasks.Numerics;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>Layers on one vector, by loops in double.</summary>
internal static class NaiveLayers
{
    // Added to variances.
    public const double Epsilon = 1e-5;

    /// <summary>x W + b.</summary>
    /// <param name="x">Inputs.</param>
    /// <param name="weights">[inputs, outputs]</param>
    /// <param name="bias">[outputs]</param>
    public static double[] Dense(double[] x, ReadOnlySpan<double> weights, ReadOnlySpan<double> bias)
    {
        Require(weights.Length == x.Length * bias.Length);
        var result = bias.ToArray();
        for (var o = 0; o < result.Length; o++)
        {
            for (var i = 0; i < x.Length; i++)
            {
                result[o] += x[i] * weights[(i * result.Length) + o];
            }
        }

        return result;
    }

    /// <summary>Mean 0 and variance 1 over the features, then a gain and a shift for each.</summary>
    /// <remarks>Ba, Kiros, Hinton, arXiv 1607.06450.</remarks>
    public static double[] LayerNorm(double[] x, ReadOnlySpan<double> gain, ReadOnlySpan<double> shift)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + Epsilon);
        var result = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            result[i] = ((x[i] - mean) / deviation * gain[i]) + shift[i];
        }

        return result;
    }

    /// <summary>x Φ(x), with the normal distribution itself and no approximation of it.</summary>
    /// <remarks>Hendrycks, Gimpel, arXiv 1606.08415.</remarks>
    public static double[] Gelu(double[] x) =>
        Array.ConvertAll(x, value => value / 2 * (1 + ErrorFunction.Of(value / Math.Sqrt(2))));

    public static double[] Relu(double[] x) => Array.ConvertAll(x, value => Math.Max(0, value));

    public static double Sigmoid(double x) => 1 / (1 + PortableMath.Exp(-x));

    public static double[] Sum(double[] a, double[] b)
    {
        Require(a.Length == b.Length);
        return [.. a.Zip(b, (x, y) => x + y)];
    }

    /// <summary>−ln of the softmax of a label.</summary>
    public static double Surprise(double[] logits, int label) =>
        PortableMath.Log(logits.Sum(PortableMath.Exp)) - logits[label];

    /// <summary>The mean of rows.</summary>
    public static double[] Mean(double[][] rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Average(row => row[i]))];

    private static void Require(bool fits)
    {
        if (!fits)
        {
            throw new ArgumentException("shapes do not fit");
        }
    }
}
