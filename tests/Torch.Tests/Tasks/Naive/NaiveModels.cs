using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>
/// Second implementations of <see cref="TorchTasks"/>, as small as they, with the training batch of a step.
/// </summary>
internal static class NaiveModels
{
    private const int Examples = 5;
    private const int Latent = 3;
    private const int Sequences = 4;
    private const int Length = 7;

    private static readonly Lazy<RawText> Text = new(RawText.Embedded);

    /// <summary>Makes one.</summary>
    public static NaiveModel Of(string name, StepKey key) => name switch
    {
        "resnet" => new NaiveResNet(2, Images(key), Labels(key)),
        "mlp-mixer" => new NaiveMlpMixer(4, 2, Images(key), Labels(key)),
        "vit" => new NaiveVit(4, 2, 3, Images(key), Labels(key)),
        "autoencoder" => new NaiveAutoencoder(Images(key)),
        "vae" => new NaiveVae(Images(key), Noise(key)),
        "gru-lm" => new NaiveGruLm(5, 6, Tokens(key)),
        "lstm-lm" => new NaiveLstmLm(5, 6, Tokens(key)),
        "transformer-lm" => new NaiveTransformerLm(6, 2, 3, Tokens(key)),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "has no second implementation"),
    };

    private static double[][] Images(StepKey key) => [.. Chosen(key).Select(example => example.Image)];

    private static int[] Labels(StepKey key) => [.. Chosen(key).Select(example => example.Label)];

    private static IEnumerable<(double[] Image, int Label)> Chosen(StepKey key) =>
        Places(key, Examples, RawImages.Count(DataSplit.Train)).Select(i => RawImages.At(DataSplit.Train, i));

    // Rounded as the task's is.
    private static double[][] Noise(StepKey key)
    {
        var stream = key.Stream(RandomStream.InnerNoise);
        return
        [
            .. Enumerable.Range(0, Examples).Select(example => Enumerable.Range(0, Latent)
                .Select(unit => (double)(float)stream.Normal((uint)((example * Latent) + unit))).ToArray()),
        ];
    }

    private static int[][] Tokens(StepKey key)
    {
        var all = Text.Value.Sequences(DataSplit.Train, Length);
        return [.. Places(key, Sequences, all.Count).Select(i => Array.ConvertAll(all[i], Text.Value.Token))];
    }

    private static int[] Places(StepKey key, int count, int of)
    {
        var places = new int[count];
        new BatchOrder().Fill(key, DataSplit.Train, RandomStream.DataOrder, of, places);
        return places;
    }
}
