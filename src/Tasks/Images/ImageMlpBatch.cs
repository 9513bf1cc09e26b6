using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Images;

/// <summary>One thread's batch of images, and the activations of the arm that is computed on it.</summary>
/// <remarks>
/// Everything is [feature, example]: examples lie along the vector axis, padded to <see cref="Stride"/>. Rows are
/// padded to eight for the transpositions.
/// </remarks>
internal sealed unsafe class ImageMlpBatch : IClassificationBatch
{
    private const int Lanes = 8;

    private readonly ImageDataset _data;
    private readonly MlpNetwork _network;
    private readonly BatchOrder _order = new();
    private readonly int[] _indices;
    private readonly byte[] _block;
    private bool _prepared;

    internal ImageMlpBatch(ImageDataset data, MlpNetwork network, int examples)
    {
        var widths = network.Widths;
        _data = data;
        _network = network;
        Examples = examples;
        Stride = AlignedBuffer.Padded(Examples);
        _indices = new int[Examples];
        _block = new byte[Lanes * PaddedRows(widths[0])];
        Layers = [.. widths.Select(width => new AlignedBuffer(checked(PaddedRows(width) * Stride)))];
        Transposed = new AlignedBuffer(checked(Stride * AlignedBuffer.Padded(widths.Skip(1).Max())));
        Labels = new AlignedBuffer(Stride);
        Labels.Span.Fill(SoftmaxCrossEntropy.NoLabel);
    }

    /// <summary>Number of examples.</summary>
    public int Examples { get; }

    /// <summary>Floats from one feature to the next.</summary>
    public int Stride { get; }

    /// <summary>[feature, example]: images, hidden layers, logits. Gradients replace all but the images.</summary>
    public AlignedBuffer[] Layers { get; }

    /// <summary>[example, padded feature] of the layer whose weights' gradient is being computed.</summary>
    public AlignedBuffer Transposed { get; }

    /// <summary>The classes as floats.</summary>
    public AlignedBuffer Labels { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The split is smaller than a batch.</exception>
    public void Prepare(StepKey key, DataSplit split, RandomStream order)
    {
        var images = _data[split];
        _order.Fill(key, split, order, images.Count, _indices);
        var source = images.Labels;
        var labels = Labels.Span;
        for (var i = 0; i < _indices.Length; i++)
        {
            labels[i] = source[_indices[i]];
        }

        var pixels = images.Pixels;
        for (var first = 0; first < Examples; first += Lanes)
        {
            CopyBlock(pixels, images.PixelsPerImage, first);
        }

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

        var logits = Layers[^1].Span;
        var correct = 0;
        for (var example = 0; example < Examples; example++)
        {
            var label = (int)Labels.Span[example];
            var own = logits[(label * Stride) + example];
            var right = true;
            for (var other = 0; other < _data.Classes; other++)
            {
                var logit = logits[(other * Stride) + example];
                right &= other < label ? logit < own : logit <= own;
            }

            correct += right ? 1 : 0;
        }

        return (double)correct / Examples;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in Layers)
        {
            buffer.Dispose();
        }

        Transposed.Dispose();
        Labels.Dispose();
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
            Layers[^1].Pointer, Labels.Pointer, _data.Classes, Examples, Stride);
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

    private static int PaddedRows(int width) => checked(width + Lanes - 1) / Lanes * Lanes;

    // Eight images side by side, so that the conversion and the transposition see whole blocks of eight by eight.
    private void CopyBlock(ReadOnlySpan<byte> images, int pixels, int first)
    {
        var row = _block.Length / Lanes;
        for (var i = 0; i < Lanes; i++)
        {
            var target = _block.AsSpan(i * row, pixels);
            if (first + i < Examples)
            {
                images.Slice(_indices[first + i] * pixels, pixels).CopyTo(target);
            }
            else
            {
                target.Clear();
            }
        }

        fixed (byte* block = _block)
        {
            Transpose(block, row, Layers[0].Pointer + first, Stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(byte* block, int row, float* target, nint stride)
    {
        for (var end = block + row; block < end; block += Lanes, target += Lanes * stride)
        {
            Transposition.StoreBlock(
                Intensities(block),
                Intensities(block + row),
                Intensities(block + (2 * row)),
                Intensities(block + (3 * row)),
                Intensities(block + (4 * row)),
                Intensities(block + (5 * row)),
                Intensities(block + (6 * row)),
                Intensities(block + (7 * row)),
                target,
                stride);
        }
    }

    // byte / 255, correctly rounded: the product with the rounded 1/255, and one Newton correction of its error.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Intensities(byte* bytes)
    {
        var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)bytes).AsByte());
        var integers = Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
        var x = Vector256.ConvertToSingle(integers);
        var reciprocal = Vector256.Create(1f / 255);
        var quotient = x * reciprocal;
        var error = Vector256.FusedMultiplyAdd(-quotient, Vector256.Create(255f), x);
        return Vector256.FusedMultiplyAdd(error, reciprocal, quotient);
    }
}
