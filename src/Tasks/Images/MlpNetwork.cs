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
            var (input, output) = (batch.Layers[layer], batch.Layers[layer + 1]);
            var weights = parameters + Parameters[2 * layer].Offset;
            var product = new LayerProduct
            {
                A = input.Pointer,
                ARow = input.Stride,
                AStep = 1,
                C = output.Pointer,
                CRow = output.Stride,
                Start = weights + (inputs * outputs),
                Rows = batch.Examples,
                Columns = AlignedBuffer.Padded(outputs),
                Depth = inputs,
            };
            if (WeightPanels.CanBeReadInPlace(outputs))
            {
                product.B = weights;
                product.BStep = outputs;
                product.BPanel = LayerProduct.Panel;
            }
            else
            {
                product.B = batch.Panels.Pointer;
                product.BStep = LayerProduct.Panel;
                product.BPanel = LayerProduct.Panel * inputs;
                WeightPanels.Pack(weights, inputs, outputs, product.B);
                if (outputs % LayerProduct.Panel != 0)
                {
                    product.Start = batch.Biases.Pointer;
                    output.PadBiases(weights + (inputs * outputs), product.Start);
                }
            }

            if (layer + 1 < LayerCount)
            {
                product.Run<Relu>();
            }
            else
            {
                product.Run<Linear>();
            }
        }
    }

    /// <summary>Computes the gradient from that of the logits, which stands in their place.</summary>
    public void Backward(float* parameters, ImageMlpBatch batch, float* gradient)
    {
        for (var layer = LayerCount - 1; layer >= 0; layer--)
        {
            // In this order: the layer's input, with the 1 of its biases, is replaced by its own gradient.
            WeightGradient(layer, batch, gradient);
            if (layer > 0)
            {
                InputGradient(layer, parameters, batch);
            }
        }
    }

    // A bias is the weight of an input that is always 1: it stands behind the weights, and that input behind the others.
    private void WeightGradient(int layer, ImageMlpBatch batch, float* gradient)
    {
        var (input, signal) = (batch.Layers[layer], batch.Layers[layer + 1]);
        new LayerProduct
        {
            A = input.Pointer,
            ARow = 1,
            AStep = input.Stride,
            B = signal.Pointer,
            BStep = signal.Stride,
            BPanel = LayerProduct.Panel,
            C = gradient + Parameters[2 * layer].Offset,
            CRow = _widths[layer + 1],
            Rows = _widths[layer] + 1,
            Columns = _widths[layer + 1],
            Depth = batch.Examples,
        }.Run<Linear>();
    }

    private void InputGradient(int layer, float* parameters, ImageMlpBatch batch)
    {
        // Replaces the activation that it is gated by: each number is read just before it is overwritten.
        var (inputs, outputs) = (_widths[layer], _widths[layer + 1]);
        var (input, signal) = (batch.Layers[layer], batch.Layers[layer + 1]);
        WeightPanels.PackTransposed(parameters + Parameters[2 * layer].Offset, inputs, outputs, batch.Panels.Pointer);
        new LayerProduct
        {
            A = signal.Pointer,
            ARow = signal.Stride,
            AStep = 1,
            B = batch.Panels.Pointer,
            BStep = LayerProduct.Panel,
            BPanel = LayerProduct.Panel * outputs,
            C = input.Pointer,
            CRow = input.Stride,
            Gate = input.Pointer,
            Rows = batch.Examples,
            Columns = AlignedBuffer.Padded(inputs),
            Depth = outputs,
        }.Run<ReluGradient>();
    }
}
