using Involute.Tasks.Images;
using Involute.Torch.Batching;
using Involute.Torch.Images;
using Involute.Torch.Tasks;
using Involute.Torch.Text;

namespace Involute.Torch.Tests.Tasks;

/// <summary>The torch tasks that all tests of tasks run on, small.</summary>
internal static class TorchTasks
{
    private static readonly Lazy<ByteText> Text = new(ByteText.Embedded);

    /// <summary>Their names.</summary>
    public static string[] Names =>
    [
        "conv", "resnet", "mlp-mixer", "vit", "autoencoder", "vae", "gru-lm", "lstm-lm", "transformer-lm", "torch-mlp",
    ];

    /// <summary>Makes one.</summary>
    public static TorchTask Of(string name, TorchBatching batching = TorchBatching.Auto)
    {
        var data = FashionMnist.Embedded8x8();
        return name switch
        {
            "conv" => new Conv(data, [4, 6], 5, batching),
            "resnet" => new ResNet(data, 3, 2, 5, batching),
            "mlp-mixer" => new MlpMixer(data, 4, 6, 2, 5, batching),
            "vit" => new Vit(data, 4, 6, 2, 3, 5, batching),
            "autoencoder" => new Autoencoder(false, data, 7, 3, 5, batching),
            "vae" => new Autoencoder(true, data, 7, 3, 5, batching),
            "gru-lm" => new RecurrentLm(false, Text.Value, 5, 6, 7, 4, batching),
            "lstm-lm" => new RecurrentLm(true, Text.Value, 5, 6, 7, 4, batching),
            "transformer-lm" => new TransformerLm(Text.Value, 6, 2, 3, 7, 4, batching),
            "torch-mlp" => new TorchMlp(data, 7, 5, batching),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such task"),
        };
    }
}
