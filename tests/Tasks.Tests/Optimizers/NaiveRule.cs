using Involute.Tasks.Numerics;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>A learned update rule in double, element by element, as one would write the formulas down.</summary>
internal abstract class NaiveRule(TensorSlice[] tensors, double stepMultiplier, double exponentMultiplier)
{
    private int _iteration;

    /// <summary>One update; the network's weights begin at <paramref name="first"/> in theta.</summary>
    protected void Update(double[] theta, int first, int[] widths, double[] parameters, double[] gradient)
    {
        var steps = new double[parameters.Length];
        foreach (var tensor in tensors)
        {
            var elements = Enumerable.Range(tensor.Offset, tensor.Length).ToArray();
            var columns = Columns(tensor, parameters, gradient);
            foreach (var column in columns)
            {
                var scale = 1 / Math.Sqrt(1e-5 + column.Average(value => value * value));
                for (var i = 0; i < column.Length; i++)
                {
                    column[i] *= scale;
                }
            }

            foreach (var i in elements)
            {
                var inputs = columns.Select(column => column[i - tensor.Offset]).Concat(
                    new double[] { 1, 3, 10, 30, 100, 300, 1000, 3000, 10000, 30000, 100000 }
                        .Select(scale => Math.Tanh((_iteration / scale) - 1)));
                var outputs = Network(theta, first, widths, [.. inputs]);
                steps[i] = stepMultiplier * outputs[0] * PortableMath.Exp(exponentMultiplier * outputs[1]);
            }
        }

        for (var i = 0; i < steps.Length; i++)
        {
            parameters[i] -= steps[i];
        }

        _iteration++;
    }

    /// <summary>The features of a tensor before normalisation; moves the averages on.</summary>
    protected abstract List<double[]> Columns(TensorSlice tensor, double[] parameters, double[] gradient);

    private static double[] Network(double[] theta, int at, int[] widths, double[] values)
    {
        for (var layer = 0; layer + 1 < widths.Length; layer++)
        {
            var outputs = new double[widths[layer + 1]];
            for (var j = 0; j < outputs.Length; j++)
            {
                outputs[j] = theta[at + (widths[layer] * outputs.Length) + j];
                for (var i = 0; i < values.Length; i++)
                {
                    outputs[j] += values[i] * theta[at + (i * outputs.Length) + j];
                }

                if (layer + 2 < widths.Length)
                {
                    outputs[j] = Math.Max(outputs[j], 0);
                }
            }

            at += (widths[layer] + 1) * outputs.Length;
            values = outputs;
        }

        return values;
    }
}
