using System.Runtime.CompilerServices;
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
        for (var layer = 0; layer + 1 < LayerCount; layer++)
        {
            HiddenLayer(layer, parameters, batch);
        }

        Logits(parameters, batch);
    }

    /// <summary>Computes the gradient from that of the logits, which is the last of the batch's layers, and its totals.</summary>
    public void Backward(float* parameters, ImageMlpBatch batch, float* gradient)
    {
        for (var layer = LayerCount - 1; layer >= 0; layer--)
        {
            // In this order: the layer's input is replaced by its own gradient.
            WeightGradient(layer, batch, gradient + Parameters[2 * layer].Offset);
            BiasGradient(layer, batch, gradient + Parameters[(2 * layer) + 1].Offset);
            if (layer > 0)
            {
                InputGradient(layer, parameters, batch);
            }
        }
    }

    private void HiddenLayer(int layer, float* parameters, ImageMlpBatch batch)
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
                var padded = new Span<float>(batch.Biases.Pointer, AlignedBuffer.Padded(outputs));
                padded.Clear();
                new ReadOnlySpan<float>(product.Start, outputs).CopyTo(padded);
                product.Start = batch.Biases.Pointer;
            }
        }

        product.Run<Relu>();
    }

    // Classes are few: they are the rows, and examples the columns, as the softmax reads them.
    private void Logits(float* parameters, ImageMlpBatch batch)
    {
        var (inputs, classes) = (_widths[^2], _widths[^1]);
        var (input, turned, logits) = (batch.Layers[^2], batch.Turned, batch.Logits);
        var weights = parameters + Parameters[^2].Offset;
        var biases = parameters + Parameters[^1].Offset;
        var columns = AlignedBuffer.Padded(batch.Examples);
        Transposition.Run(input.Pointer, input.Stride, turned.Pointer, turned.Stride, batch.Examples, inputs);
        for (var c = 0; c < classes; c++)
        {
            new Span<float>(logits.Pointer + (c * logits.Stride), columns).Fill(biases[c]);
        }

        new LayerProduct
        {
            A = weights,
            ARow = 1,
            AStep = classes,
            B = turned.Pointer,
            BStep = turned.Stride,
            BPanel = LayerProduct.Panel,
            C = logits.Pointer,
            CRow = logits.Stride,
            Start = logits.Pointer,
            StartRow = logits.Stride,
            Rows = classes,
            Columns = columns,
            Depth = inputs,
        }.Run<Linear>();
    }

    private void WeightGradient(int layer, ImageMlpBatch batch, float* gradient)
    {
        var (inputs, outputs) = (_widths[layer], _widths[layer + 1]);
        var (input, signal) = (batch.Layers[layer], batch.Layers[layer + 1]);
        var product = new LayerProduct
        {
            A = input.Pointer,
            ARow = 1,
            AStep = input.Stride,
            B = signal.Pointer,
            BStep = signal.Stride,
            BPanel = LayerProduct.Panel,
            C = gradient,
            CRow = outputs,
            Rows = inputs,
            Columns = outputs,
            Depth = batch.Examples,
        };
        var turnedColumns = AlignedBuffer.Padded(inputs);
        if (outputs * turnedColumns >= inputs * AlignedBuffer.Padded(outputs))
        {
            product.Run<Linear>();
            return;
        }

        // Few outputs would leave much of a panel empty: they are the rows then.
        product = product with
        {
            A = product.B,
            AStep = product.BStep,
            B = product.A,
            BStep = product.AStep,
            C = batch.Panels.Pointer,
            CRow = turnedColumns,
            Rows = outputs,
            Columns = turnedColumns,
        };
        product.Run<Linear>();
        Turn(product.C, turnedColumns, outputs, inputs, gradient);
    }

    // Whole blocks of eight by eight, and what they leave one by one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(float* from, nint stride, int rows, int columns, float* to)
    {
        const int block = Transposition.Block;
        var blockRows = rows / block * block;
        var blockColumns = columns / block * block;
        Transposition.Run(from, stride, to, rows, blockRows, blockColumns);
        for (var c = 0; c < columns; c++, from++, to += rows)
        {
            var first = c < blockColumns ? blockRows : 0;
            var next = from + (first * stride);
            for (var r = first; r < rows; r++, next += stride)
            {
                to[r] = *next;
            }
        }
    }

    private void BiasGradient(int layer, ImageMlpBatch batch, float* gradient)
    {
        var outputs = _widths[layer + 1];
        var totals = batch.LogitTotals.Pointer;
        if (layer + 1 < LayerCount)
        {
            var signal = batch.Layers[layer + 1];
            totals = batch.Biases.Pointer;
            ColumnSums.Run(signal.Pointer, signal.Stride, batch.Examples, AlignedBuffer.Padded(outputs), totals);
        }

        new ReadOnlySpan<float>(totals, outputs).CopyTo(new Span<float>(gradient, outputs));
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
