namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>Mean cross-entropy of each token but the first of a sequence, in nats.</summary>
/// <param name="sequences">[sequences][length + 1]</param>
internal abstract class NaiveLanguageModel(int[][] sequences) : NaiveModel
{
    public sealed override double Loss(NamedTensors parameters)
    {
        var surprises = new List<double>();
        foreach (var sequence in sequences)
        {
            var logits = Logits(parameters, sequence[..^1]);
            for (var time = 0; time < logits.Length; time++)
            {
                surprises.Add(NaiveLayers.Surprise(logits[time], sequence[time + 1]));
            }
        }

        return surprises.Average();
    }

    /// <summary>[time][vocabulary], of the token after each.</summary>
    protected abstract double[][] Logits(NamedTensors p, int[] tokens);

    /// <summary>Row of a token in a table of as many columns.</summary>
    protected static double[] Row(ReadOnlySpan<double> table, int row, int columns) =>
        table.Slice(row * columns, columns).ToArray();
}
