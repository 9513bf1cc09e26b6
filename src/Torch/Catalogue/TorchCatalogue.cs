using Involute.Torch.Images;
using Involute.Torch.Scripts;
using Involute.Torch.Text;

namespace Involute.Torch.Catalogue;

/// <summary>The components of this assembly, a line each. To list them loads no libtorch.</summary>
public static class TorchCatalogue
{
    /// <summary>Their options records, in the order in which they are listed.</summary>
    public static IReadOnlyList<Type> Components { get; } =
    [
        typeof(ConvOptions),
        typeof(ResNetOptions),
        typeof(MlpMixerOptions),
        typeof(VitOptions),
        typeof(AutoencoderOptions),
        typeof(VaeOptions),
        typeof(GruLmOptions),
        typeof(LstmLmOptions),
        typeof(TransformerLmOptions),
        typeof(TorchScriptOptions),
    ];
}
