using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Text;

/// <summary>A language model of causal transformer blocks with learned positions.</summary>
public sealed class TransformerLm : LanguageTask
{
    private readonly int _blocks;
    private readonly int _heads;

    /// <summary>A model.</summary>
    /// <param name="text">What it predicts.</param>
    /// <param name="width">Features of a token; a multiple of the number of heads.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="heads">Heads of the attention.</param>
    /// <param name="length">Tokens that a sequence predicts.</param>
    /// <param name="batchSize">Sequences per step.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">
    /// A size is below 1, the heads do not divide the width, or the train part is smaller than a batch.
    /// </exception>
    public TransformerLm(
        ByteText text, int width, int blocks, int heads, int length, int batchSize,
        TorchBatching batching = TorchBatching.Auto)
        : base("transformer-lm", Shapes(text, width, blocks, length), text, length, batchSize, batching)
    {
        if (width % heads != 0)
        {
            throw new ArgumentException($"{heads} heads do not divide a width of {width}");
        }

        _blocks = blocks;
        _heads = heads;
    }

    /// <inheritdoc/>
    public override double StackingGain => 1.2;

    /// <inheritdoc/>
    protected override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var x = LaneOps.Embedding(tokens, parameters[0]).Plus(parameters[1].unsqueeze(1));
        for (var block = 0; block < _blocks; block++)
        {
            x = Transformer.Block(x, parameters, 2 + (block * Transformer.TensorsPerBlock), _heads, causal: true);
        }

        var end = parameters.Count - 4;
        return LaneOps.Linear(
            LaneOps.LayerNorm(x, parameters[end], parameters[end + 1]), parameters[end + 2], parameters[end + 3]);
    }

    private static (string Name, int[] Shape)[] Shapes(ByteText text, int width, int blocks, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
        [
            (Embedding, [text.Bytes.Count, width]), ($"{Embedding}/position", [length, width]),
            .. Enumerable.Range(0, blocks).SelectMany(block => Transformer.Shapes(block, width)),
            ("output/gain", [width]), ("output/shift", [width]), ("output/w", [width, text.Bytes.Count]),
            ("output/b", [text.Bytes.Count]),
        ];
    }
}
