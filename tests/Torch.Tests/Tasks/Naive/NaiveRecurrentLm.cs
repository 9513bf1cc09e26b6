using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>Embeddings, a recurrent layer whose states begin at 0, a dense layer.</summary>
/// <param name="width">Features of an embedding.</param>
/// <param name="units">Of the recurrent layer.</param>
/// <param name="states">Vectors that a step hands to the next; the first is what the dense layer sees.</param>
/// <param name="sequences">[sequences][length + 1]</param>
internal abstract class NaiveRecurrentLm(int width, int units, int states, int[][] sequences)
    : NaiveLanguageModel(sequences)
{
    protected sealed override double[][] Logits(NamedTensors p, int[] tokens)
    {
        double[][] state = [.. Enumerable.Range(0, states).Select(_ => new double[units])];
        var logits = new double[tokens.Length][];
        for (var time = 0; time < tokens.Length; time++)
        {
            var input = Dense(Row(p["embedding"], tokens[time], width), p["input/w"], p["input/b"]);
            state = Step(input, Dense(state[0], p["hidden/w"], p["hidden/b"]), state);
            logits[time] = Dense(state[0], p["output/w"], p["output/b"]);
        }

        return logits;
    }

    /// <summary>One step.</summary>
    /// <param name="input">The input's part of the gates, one after the other.</param>
    /// <param name="own">The hidden state's part of them.</param>
    /// <param name="state">Before the step.</param>
    protected abstract double[][] Step(double[] input, double[] own, double[][] state);
}
