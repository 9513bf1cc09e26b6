using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>Blocks of a transformer with layer normalisation before each part (pre-norm) and GELU.</summary>
/// <remarks>
/// Vaswani et al., arXiv 1706.03762; pre-norm as in Xiong et al., arXiv 2002.04745, with one more normalisation after
/// the last block, by the network. GELU is x Φ(x) itself. <c>attention/in</c> gives queries, keys and values, in this
/// order.
/// </remarks>
internal static class Transformer
{
    /// <summary>Tensors of a block.</summary>
    public const int TensorsPerBlock = 12;

    // Of the hidden layer, to the width.
    private const int Expansion = 4;

    /// <summary>Names and shapes of a block.</summary>
    public static IEnumerable<(string Name, int[] Shape)> Shapes(int block, int width) =>
    [
        ($"block{block}/attention/gain", [width]), ($"block{block}/attention/shift", [width]),
        ($"block{block}/attention/in/w", [width, 3 * width]), ($"block{block}/attention/in/b", [3 * width]),
        ($"block{block}/attention/out/w", [width, width]), ($"block{block}/attention/out/b", [width]),
        ($"block{block}/dense/gain", [width]), ($"block{block}/dense/shift", [width]),
        ($"block{block}/dense/w0", [width, Expansion * width]), ($"block{block}/dense/b0", [Expansion * width]),
        ($"block{block}/dense/w1", [Expansion * width, width]), ($"block{block}/dense/b1", [width]),
    ];

    /// <summary>Runs a block.</summary>
    /// <param name="x">[lanes, batch, time, features]</param>
    /// <param name="parameters">All tensors of the network, each [lanes, …].</param>
    /// <param name="first">The first of the block's.</param>
    /// <param name="heads">Heads of the attention.</param>
    /// <param name="causal">Whether a place sees itself and earlier ones only.</param>
    public static Tensor Block(Tensor x, IReadOnlyList<Tensor> parameters, int first, int heads, bool causal)
    {
        Tensor At(int i) => parameters[first + i];
        var parts = LaneOps.Linear(LaneOps.LayerNorm(x, At(0), At(1)), At(2), At(3)).chunk(3, -1);
        x = x.Plus(LaneOps.Linear(LaneOps.Attention(parts[0], parts[1], parts[2], heads, causal), At(4), At(5)));
        var hidden = nn.functional.gelu(LaneOps.Linear(LaneOps.LayerNorm(x, At(6), At(7)), At(8), At(9)));
        return x.Plus(LaneOps.Linear(hidden, At(10), At(11)));
    }
}
