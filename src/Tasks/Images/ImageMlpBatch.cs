using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Images;

/// <summary>One thread's batch of images, and the activations of whichever arm is computed on it.</summary>
/// <remarks>
/// Everything is [feature, example]: examples lie along the vector axis, padded to <see cref="Stride"/>. Rows are
/// padded to eight for the transpositions.
/// </remarks>
internal sealed unsafe class ImageMlpBatch : ITaskBatch
{
    private const int Lanes = 8;

    private readonly ImageMlp _owner;
    private readonly BatchOrder _order = new();
    private readonly int[] _indices;
    private readonly byte[] _block;
    private bool _prepared;

    internal ImageMlpBatch(ImageMlp owner, IReadOnlyList<int> widths)
    {
        _owner = owner;
        Examples = owner.BatchSize;
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

    /// <summary>Checks that a batch was made and prepared by this task.</summary>
    public static ImageMlpBatch Of(ITaskBatch batch, ImageMlp owner, bool prepared = true)
    {
        var mine = batch as ImageMlpBatch;
        return mine?._owner != owner ? throw new ArgumentException("the batch belongs to another task", nameof(batch))
            : prepared && !mine._prepared ? throw new InvalidOperationException("the batch has not been prepared")
            : mine;
    }

    /// <summary>Draws the examples and copies them.</summary>
    public void Prepare(LabelledImages images, StepKey key, DataSplit split, RandomStream order)
    {
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
    public void Dispose()
    {
        foreach (var buffer in Layers)
        {
            buffer.Dispose();
        }

        Transposed.Dispose();
        Labels.Dispose();
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
