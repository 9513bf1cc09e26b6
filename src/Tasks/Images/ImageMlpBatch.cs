using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Images;

/// <summary>One thread's batch of images, and the activations of the arm that is computed on it.</summary>
internal sealed unsafe class ImageMlpBatch : IClassificationBatch
{
    private const int Lanes = 8;

    // Bytes that are fetched before the first of them is converted.
    private const int FetchedBytes = 8192;

    // Batches of more bytes are not asked for early: half of them would have left the second-level cache when they are needed.
    private const int LargestEarly = 262_144;

    private readonly ImageDataset _data;
    private readonly MlpNetwork _network;
    private readonly BatchOrder _order = new();
    private int[] _indices;
    private int[] _nextIndices;
    private (StepKey Key, DataSplit Split, RandomStream Order)? _next;
    private readonly AlignedBuffer _labels;
    private readonly AlignedBuffer _fetched;
    private bool _prepared;

    internal ImageMlpBatch(ImageDataset data, MlpNetwork network, int examples)
    {
        var widths = network.Widths;
        _data = data;
        _network = network;
        Examples = examples;
        _indices = new int[examples];
        _nextIndices = new int[examples];
        Layers = [.. widths.Select(width => new SpacedRows(examples, width))];
        Turned = new SpacedRows(widths[^2], examples);
        Logits = new SpacedRows(widths[^1], examples);
        Panels = new AlignedBuffer(widths.Zip(widths.Skip(1), WeightPanels.Length).Max());
        Biases = new AlignedBuffer(AlignedBuffer.Padded(widths.Max()));
        _labels = new AlignedBuffer(AlignedBuffer.Padded(Examples));
        _labels.Span.Fill(SoftmaxCrossEntropy.NoLabel);
        _fetched = new AlignedBuffer((Math.Max(FetchedBytes, widths[0]) / sizeof(float)) + Lanes);
    }

    /// <summary>Number of examples.</summary>
    public int Examples { get; }

    /// <summary>Images, hidden layers, which their gradients replace, and the gradient of the logits: [example, unit].</summary>
    public SpacedRows[] Layers { get; }

    /// <summary>The last layer before the logits, [unit, example].</summary>
    public SpacedRows Turned { get; }

    /// <summary>Logits, [class, example].</summary>
    public SpacedRows Logits { get; }

    /// <summary>Room for the weights of one layer, or their gradient.</summary>
    public AlignedBuffer Panels { get; }

    /// <summary>Room for the biases of one layer, or their gradient.</summary>
    public AlignedBuffer Biases { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The split is smaller than a batch.</exception>
    public void Prepare(StepKey key, DataSplit split, RandomStream order)
    {
        var images = _data[split];
        if (_next == (key, split, order))
        {
            (_indices, _nextIndices) = (_nextIndices, _indices);
        }
        else
        {
            _order.Fill(key, split, order, images.Count, _indices);
            Prefetch(images, _indices);
        }

        var source = images.Labels;
        var labels = _labels.Span;
        for (var i = 0; i < _indices.Length; i++)
        {
            labels[i] = source[_indices[i]];
        }

        Fetch(images.Pixels, images.PixelsPerImage);

        // The next batch comes from memory while this one is computed.
        var next = new StepKey(key.Trajectory, key.InnerStep + 1);
        _order.Fill(next, split, order, images.Count, _nextIndices);
        _next = (next, split, order);
        Prefetch(images, _nextIndices);
        _prepared = true;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch has not been prepared.</exception>
    public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        RequirePrepared();
        parameters = parameters[.._network.ParameterCount];
        gradient = gradient[.._network.ParameterCount];
        if (!FiniteCheck.AllFinite(parameters))
        {
            gradient.Fill(float.NaN);
            return double.NaN;
        }

        double loss;
        fixed (float* p = parameters, g = gradient)
        {
            _network.Forward(p, this);
            loss = Softmax();
            _network.Backward(p, this, g);
        }

        GC.KeepAlive(this); // the buffers' finalizers would free what the kernels point to
        return loss;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch has not been prepared.</exception>
    public double Loss(ReadOnlySpan<float> parameters) => TryForward(parameters) ? Softmax() : double.NaN;

    /// <inheritdoc/>
    /// <remarks>Of equal logits the first class counts; an example with a logit of NaN counts as wrong.</remarks>
    /// <exception cref="InvalidOperationException">The batch has not been prepared.</exception>
    public double Accuracy(ReadOnlySpan<float> parameters)
    {
        if (!TryForward(parameters))
        {
            return 0;
        }

        var logits = Logits.Pointer;
        var correct = 0;
        for (var example = 0; example < Examples; example++, logits++)
        {
            var label = (int)_labels.Span[example];
            var highest = logits[label * Logits.Stride];
            var right = true;
            for (var other = 0; other < _data.Classes; other++)
            {
                var logit = logits[other * Logits.Stride];
                right &= other < label ? logit < highest : logit <= highest;
            }

            correct += right ? 1 : 0;
        }

        GC.KeepAlive(this);
        return (double)correct / Examples;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var rows in Layers)
        {
            rows.Dispose();
        }

        Panels.Dispose();
        Biases.Dispose();
        Turned.Dispose();
        Logits.Dispose();
        _labels.Dispose();
        _fetched.Dispose();
    }

    private bool TryForward(ReadOnlySpan<float> parameters)
    {
        RequirePrepared();
        parameters = parameters[.._network.ParameterCount];
        if (!FiniteCheck.AllFinite(parameters))
        {
            return false;
        }

        fixed (float* p = parameters)
        {
            _network.Forward(p, this);
        }

        return true;
    }

    private double Softmax()
    {
        var loss = SoftmaxCrossEntropy.LossAndGradient(
            Logits.Pointer, Logits.Stride, _labels.Pointer, _data.Classes, Examples, Layers[^1].Pointer, Layers[^1].Stride);
        GC.KeepAlive(this);
        return loss;
    }

    private void RequirePrepared()
    {
        if (!_prepared)
        {
            throw new InvalidOperationException("the batch has not been prepared");
        }
    }

    // Images are copied before they are converted: the processor looks ahead over the copies of many of them, but over the
    // conversion of two only.
    private void Fetch(ReadOnlySpan<byte> images, int width)
    {
        var block = Math.Max(1, FetchedBytes / width);
        var fetched = (byte*)_fetched.Pointer;
        var row = Layers[0].Pointer;
        nint stride = Layers[0].Stride;
        fixed (byte* pixels = images)
        {
            for (var first = 0; first < _indices.Length; first += block)
            {
                var indices = _indices.AsSpan(first, Math.Min(block, _indices.Length - first));
                Copy(pixels, width, indices, fetched);
                Intensities(fetched, width, indices.Length, row, stride);
                row += indices.Length * stride;
            }
        }

        GC.KeepAlive(this);
    }

    // Images lie anywhere in memory that no cache holds.
    private static void Prefetch(LabelledImages images, ReadOnlySpan<int> indices)
    {
        nint width = images.PixelsPerImage;
        if (!Sse.IsSupported || width * indices.Length > LargestEarly)
        {
            return;
        }

        fixed (byte* pixels = images.Pixels)
        {
            foreach (var index in indices)
            {
                var image = pixels + (index * width);
                for (nint i = 0; i < width; i += AlignedBuffer.Alignment)
                {
                    Sse.Prefetch1(image + i);
                }

                // It begins anywhere in a cache line.
                Sse.Prefetch1(image + width - 1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(byte* images, nint width, ReadOnlySpan<int> indices, byte* to)
    {
        foreach (var index in indices)
        {
            var from = images + (index * width);
            nint i = 0;
            for (; i + Vector256<byte>.Count <= width; i += Vector256<byte>.Count)
            {
                Vector256.Load(from + i).Store(to + i);
            }

            for (; i < width; i++)
            {
                to[i] = from[i];
            }

            to += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Intensities(byte* pixels, nint width, int images, float* row, nint stride)
    {
        for (; images > 0; images--, pixels += width, row += stride)
        {
            nint i = 0;
            for (; i + Lanes <= width; i += Lanes)
            {
                Intensities(pixels + i).Store(row + i);
            }

            if (i < width)
            {
                // Bytes behind the last one are read and not used.
                var last = Intensities(pixels + i);
                for (var lane = 0; i < width; i++, lane++)
                {
                    row[i] = last[lane];
                }
            }
        }
    }

    // byte / 255, correctly rounded: 1/255 is the sum of a number of sixteen bits, whose product with a byte is exact, and
    // of a rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Intensities(byte* pixels)
    {
        const float Main = 0.0039215087890625f;
        const float Rest = (float)((1d / 255) - Main);
        var x = Vector256.ConvertToSingle(Widen(pixels));
        return Vector256.FusedMultiplyAdd(x, Vector256.Create(Rest), x * Vector256.Create(Main));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(byte* pixels)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.ConvertToVector256Int32(pixels);
        }

        var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)pixels).AsByte());
        return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
    }
}
