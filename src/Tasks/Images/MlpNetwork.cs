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
    /// <returns>
    /// True if no parameter is infinite or NaN: the results may hide one, because a ReLU makes 0 of what is below it.
    /// </returns>
    public bool Forward(float* parameters, ImageMlpBatch batch)
    {
        var finite = true;
        for (var layer = 0; layer + 1 < LayerCount; layer++)
        {
            finite &= HiddenLayer(layer, parameters, batch);
        }

        Logits(parameters, batch);
        return finite && AreFinite(parameters, 2 * (LayerCount - 1), 2);
    }

    /// <summary>Computes the gradient from that of the logits, which is the last of the batch's outputs, and its totals.</summary>
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

    // Neighbouring tensors.
    private bool AreFinite(float* parameters, int first, int count)
    {
        var (begin, last) = (Parameters[first].Offset, Parameters[first + count - 1]);
        return FiniteCheck.AllFinite(new ReadOnlySpan<float>(parameters + begin, last.Offset + last.Length - begin));
    }

    private bool HiddenLayer(int layer, float* parameters, ImageMlpBatch batch)
    {
        var (inputs, outputs) = (_widths[layer], _widths[layer + 1]);
        var inPlace = WeightPanels.CanBeReadInPlace(outputs);
        var finite = inPlace ? AreFinite(parameters, 2 * layer, 2) : AreFinite(parameters, (2 * layer) + 1, 1);
        var output = batch.Outputs[layer];
        var weights = parameters + Parameters[2 * layer].Offset;
        var biases = WholePanels(parameters + Parameters[(2 * layer) + 1].Offset, outputs, batch);
        foreach (var block in batch.Inputs(layer))
        {
            for (var column = 0; column < outputs; column += WeightPanels.Strip)
            {
                var columns = Math.Min(WeightPanels.Strip, outputs - column);
                var product = new LayerProduct
                {
                    A = block.Pointer,
                    ARow = block.Stride,
                    AStep = 1,
                    B = weights + (block.First * outputs) + column,
                    BStep = outputs,
                    BPanel = LayerProduct.Panel,
                    C = output.Pointer + column,
                    CRow = output.Stride,
                    Rows = batch.Examples,
                    Columns = AlignedBuffer.Padded(columns),
                    Depth = block.Count,
                };

                // Sums start where the block before has left them.
                product.Start = block.First == 0 ? biases + column : product.C;
                product.StartRow = block.First == 0 ? 0 : product.CRow;
                if (!inPlace)
                {
                    finite &= WeightPanels.Pack(product.B, outputs, block.Count, columns, batch.Panels.Pointer);
                    product.B = batch.Panels.Pointer;
                    product.BStep = LayerProduct.Panel;
                    product.BPanel = LayerProduct.Panel * block.Count;
                }

                if (block.First + block.Count == inputs)
                {
                    product.Run<Relu>();
                }
                else
                {
                    product.Run<Linear>();
                }
            }
        }

        return finite;
    }

    private static float* WholePanels(float* biases, int outputs, ImageMlpBatch batch)
    {
        if (outputs % LayerProduct.Panel == 0)
        {
            return biases;
        }

        var padded = batch.Biases.Pointer;
        new Span<float>(padded, AlignedBuffer.Padded(outputs)).Clear();
        new ReadOnlySpan<float>(biases, outputs).CopyTo(new Span<float>(padded, outputs));
        return padded;
    }

    // Classes are few: they are the rows, and examples the columns, as the softmax reads them.
    private void Logits(float* parameters, ImageMlpBatch batch)
    {
        var (inputs, classes) = (_widths[^2], _widths[^1]);
        var (turned, logits) = (batch.Turned, batch.Logits);
        var weights = parameters + Parameters[^2].Offset;
        var biases = parameters + Parameters[^1].Offset;
        var columns = AlignedBuffer.Padded(batch.Examples);
        foreach (var block in batch.Inputs(LayerCount - 1))
        {
            Transposition.Run(
                block.Pointer, block.Stride, turned.Pointer + (block.First * turned.Stride), turned.Stride, batch.Examples,
                block.Count);
        }

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
        var signal = batch.Outputs[layer];

        // Few outputs would leave much of a panel empty: they are the rows then.
        var turnedColumns = AlignedBuffer.Padded(inputs);
        var turned = outputs * turnedColumns < inputs * AlignedBuffer.Padded(outputs);
        foreach (var block in batch.Inputs(layer))
        {
            var product = new LayerProduct
            {
                A = block.Pointer,
                ARow = 1,
                AStep = block.Stride,
                B = signal.Pointer,
                BStep = signal.Stride,
                BPanel = LayerProduct.Panel,
                C = gradient + (block.First * outputs),
                CRow = outputs,
                Rows = block.Count,
                Columns = outputs,
                Depth = batch.Examples,
            };
            if (turned)
            {
                product = product with
                {
                    A = product.B,
                    AStep = product.BStep,
                    B = product.A,
                    BStep = product.AStep,
                    C = batch.Panels.Pointer + block.First,
                    CRow = turnedColumns,
                    Rows = outputs,
                    Columns = AlignedBuffer.Padded(block.Count),
                };
            }

            product.Run<Linear>();
        }

        if (turned)
        {
            Turn(batch.Panels.Pointer, turnedColumns, outputs, inputs, gradient);
        }
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
            var signal = batch.Outputs[layer];
            totals = batch.Biases.Pointer;
            ColumnSums.Run(signal.Pointer, signal.Stride, batch.Examples, AlignedBuffer.Padded(outputs), totals);
        }

        new ReadOnlySpan<float>(totals, outputs).CopyTo(new Span<float>(gradient, outputs));
    }

    private void InputGradient(int layer, float* parameters, ImageMlpBatch batch)
    {
        // Replaces the activation that it is gated by: each number is read just before it is overwritten.
        var (inputs, outputs) = (_widths[layer], _widths[layer + 1]);
        var (input, signal) = (batch.Outputs[layer - 1], batch.Outputs[layer]);
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
