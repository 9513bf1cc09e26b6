namespace Involute.Tasks.Tests.Optimizers;

/// <summary>MLPLOpt (arXiv 1810.10180) in double.</summary>
internal sealed class NaiveMlpOptimizer(TensorSlice[] tensors, double stepMultiplier = 0.001)
    : NaiveRule(tensors, stepMultiplier, 0.001), INaiveOptimizer
{
    private static readonly double[] Decays = [0.1, 0.5, 0.9, 0.99, 0.999, 0.9999];

    private readonly double[][] _momenta =
        [.. Decays.Select(_ => new double[tensors[^1].Offset + tensors[^1].Length])];

    public void Update(double[] theta, double[] parameters, double[] gradient) =>
        Update(theta, 0, [19, 32, 32, 2], parameters, gradient);

    protected override List<double[]> Columns(TensorSlice tensor, double[] parameters, double[] gradient)
    {
        var range = tensor.Offset..(tensor.Offset + tensor.Length);
        List<double[]> columns = [gradient[range], parameters[range]];
        for (var d = 0; d < Decays.Length; d++)
        {
            for (var i = range.Start.Value; i < range.End.Value; i++)
            {
                _momenta[d][i] = (Decays[d] * _momenta[d][i]) + ((1 - Decays[d]) * gradient[i]);
            }

            columns.Add(_momenta[d][range]);
        }

        return columns;
    }
}

/// <summary>What both naive rules can do.</summary>
internal interface INaiveOptimizer
{
    void Update(double[] theta, double[] parameters, double[] gradient);
}
