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

    private readonly ImageDataset _data;
    private readonly MlpNetwork _network;
    private readonly BatchOrder _order = new();
    private readonly int[] _indices;
    private readonly AlignedBuffer _labels;
    private readonly AlignedBuffer _fetched;
    private readonly AlignedBuffer _softmax;
    private bool _prepared;

    internal ImageMlpBatch(ImageDataset data, MlpNetwork network, int examples)
    {
        var widths = network.Widths;
        _data = data;
        _network = network;
        Examples = examples;
        _indices = new int[examples];
        Layers = [.. widths.Select(width => new ExampleRows(Examples, width))];
        Panels = new AlignedBuffer(widths.Zip(widths.Skip(1), WeightPanels.Length).Max());
        Biases = new AlignedBuffer(widths.Max() + 1);
        _softmax = new AlignedBuffer(SoftmaxCrossEntropy.ScratchLength(widths[^1]));
        _labels = new AlignedBuffer(AlignedBuffer.Padded(Examples));
        _labels.Span.Fill(SoftmaxCrossEntropy.NoLabel);
        _fetched = new AlignedBuffer((Math.Max(FetchedBytes, widths[0]) / sizeof(float)) + Lanes);
    }

    /// <summary>Number of examples.</summary>
    public int Examples { get; }

    /// <summary>Images, hidden layers, logits. Gradients replace all but the images.</summary>
    public ExampleRows[] Layers { get; }

    /// <summary>Room for the weights of one layer.</summary>
    public AlignedBuffer Panels { get; }

    /// <summary>Room for the biases of one layer, and a 1 behind them.</summary>
    public AlignedBuffer Biases { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The split is smaller than a batch.</exception>
    public void Prepare(StepKey key, DataSplit split, RandomStream order)
    {
        var images = _data[split];
        _order.Fill(key, split, order, images.Count, _indices);
        var source = images.Labels;
        var labels = _labels.Span;
        for (var i = 0; i < _indices.Length; i++)
        {
            labels[i] = source[_indices[i]];
        }

        Fetch(images.Pixels, images.PixelsPerImage);
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

        var logits = Layers[^1].Pointer;
        var correct = 0;
        for (var example = 0; example < Examples; example++, logits += Layers[^1].Stride)
        {
            var label = (int)_labels.Span[example];
            var right = true;
            for (var other = 0; other < _data.Classes; other++)
            {
                right &= other < label ? logits[other] < logits[label] : logits[other] <= logits[label];
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
        _softmax.Dispose();
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
            Layers[^1].Pointer, Layers[^1].Stride, _labels.Pointer, _data.Classes, Examples, _softmax.Pointer);
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

    // Images lie anywhere in memory that no cache holds. All are asked for before the first is needed, and copied before they
    // are converted: the processor looks ahead over the copies of many images, but over the conversion of two only.
    private void Fetch(ReadOnlySpan<byte> images, int width)
    {
        var block = Math.Max(1, FetchedBytes / width);
        var fetched = (byte*)_fetched.Pointer;
        var row = Layers[0].Pointer;
        nint stride = Layers[0].Stride;
        fixed (byte* pixels = images)
        {
            foreach (var index in _indices)
            {
                Prefetch(pixels + ((nint)index * width), width);
            }

            for (var first = 0; first < _indices.Length; first += block)
            {
                var indices = _indices.AsSpan(first, Math.Min(block, _indices.Length - first));
                Copy(pixels, width, indices, fetched);
                for (var i = 0; i < indices.Length; i++, row += stride)
                {
                    Intensities(fetched + ((nint)i * width), row, width);
                }
            }
        }

        GC.KeepAlive(this);
    }

    private static void Prefetch(byte* image, int length)
    {
        if (Sse.IsSupported)
        {
            for (var i = 0; i < length; i += AlignedBuffer.Alignment)
            {
                Sse.Prefetch0(image + i);
            }

            // It begins anywhere in a cache line.
            Sse.Prefetch0(image + length - 1);
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
    private static void Intensities(byte* pixels, float* row, int count)
    {
        nint i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            Intensities(pixels + i).Store(row + i);
        }

        if (i < count)
        {
            // Bytes behind the last one are read and not used.
            var last = Intensities(pixels + i);
            for (var lane = 0; i < count; i++, lane++)
            {
                row[i] = last[lane];
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
