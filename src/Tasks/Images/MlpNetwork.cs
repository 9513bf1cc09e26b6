using Involute.Tasks.Numerics;

namespace Involute.Tasks.Images;

/// <summary>The arithmetic of a perceptron: layers forward, gradient backward.</summary>
/// <remarks>
/// Every sum runs over its index in ascending order in one chain of fused multiply-adds, so the bits are the same on
/// every machine, and stay so under a faster kernel that keeps to this order.
/// </remarks>
internal sealed unsafe class MlpNetwork
{
    private readonly int[] _widths;

    /// <summary>Lays out the parameters <c>w0, b0, w1, b1, …</c> for layers of these widths, input first.</summary>
    public MlpNetwork(int[] widths)
    {
        _widths = widths;
        var tensors = new List<(string, int[])>();
        for (var layer = 0; layer < LayerCount; layer++)
        {
            tensors.Add(($"w{layer}", [widths[layer], widths[layer + 1]]));
            tensors.Add(($"b{layer}", [widths[layer + 1]]));
        }

        Parameters = ThetaLayout.LayOut(tensors);
        ParameterCount = Parameters[^1].Offset + Parameters[^1].Length;
    }

    /// <summary>Weights [in, out] and biases [out] of each layer.</summary>
    public IReadOnlyList<TensorSlice> Parameters { get; }

    /// <summary>Number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Units of each layer; the first are the inputs.</summary>
    public IReadOnlyList<int> Widths => _widths;

    private int LayerCount => _widths.Length - 1;

    /// <summary>Computes hidden layers and logits from the batch's images.</summary>
    public void Forward(float* parameters, ImageMlpBatch batch)
    {
        for (var layer = 0; layer < LayerCount; layer++)
        {
            var (inputs, outputs) = (_widths[layer], _widths[layer + 1]);
            var product = new TileProduct
            {
                A = Weights(parameters, layer),
                ARow = 1,
                AStep = outputs,
                B = batch.Layers[layer].Pointer,
                BStep = batch.Stride,
                C = batch.Layers[layer + 1].Pointer,
                CRow = batch.Stride,
                Start = Biases(parameters, layer),
                Rows = outputs,
                Columns = batch.Stride,
                Depth = inputs,
            };
            if (layer + 1 < LayerCount)
            {
                product.Run<Rectified>();
            }
            else
            {
                product.Run<Unchanged>();
            }
        }
    }

    /// <summary>Computes the gradient from that of the logits, which stands in their place.</summary>
    public void Backward(float* parameters, ImageMlpBatch batch, float* gradient)
    {
        for (var layer = LayerCount - 1; layer >= 0; layer--)
        {
            WeightGradient(layer, batch, gradient);
            if (layer > 0)
            {
                InputGradient(layer, parameters, batch);
            }
        }
    }

    private void WeightGradient(int layer, ImageMlpBatch batch, float* gradient)
    {
        var (inputs, outputs) = (_widths[layer], _widths[layer + 1]);
        var row = AlignedBuffer.Padded(outputs);
        var signal = batch.Transposed.Pointer;
        Transposition.Run(batch.Layers[layer + 1].Pointer, batch.Stride, signal, row, outputs, batch.Examples);
        var product = new TileProduct
        {
            A = batch.Layers[layer].Pointer,
            ARow = batch.Stride,
            AStep = 1,
            B = signal,
            BStep = row,
            C = Weights(gradient, layer),
            CRow = outputs,
            Rows = inputs,
            Columns = outputs,
            Depth = batch.Examples,
        };
        product.Run<Unchanged>();

        // A bias is the weight of an input that is always 1.
        var one = 1f;
        product.A = &one;
        product.ARow = 0;
        product.AStep = 0;
        product.C = Biases(gradient, layer);
        product.Rows = 1;
        product.Run<Unchanged>();
    }

    private void InputGradient(int layer, float* parameters, ImageMlpBatch batch)
    {
        // Replaces the activation that it is gated by: each number is read just before it is overwritten.
        var input = batch.Layers[layer].Pointer;
        new TileProduct
        {
            A = Weights(parameters, layer),
            ARow = _widths[layer + 1],
            AStep = 1,
            B = batch.Layers[layer + 1].Pointer,
            BStep = batch.Stride,
            C = input,
            CRow = batch.Stride,
            Gate = input,
            Rows = _widths[layer],
            Columns = batch.Stride,
            Depth = _widths[layer + 1],
        }.Run<Gated>();
    }

    private float* Weights(float* values, int layer) => values + Parameters[2 * layer].Offset;

    private float* Biases(float* values, int layer) => values + Parameters[(2 * layer) + 1].Offset;
}
