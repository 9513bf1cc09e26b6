using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Images;

/// <summary>Brings the images of a batch from memory and makes floats of them. Belongs to one thread.</summary>
/// <remarks>
/// Images lie anywhere in memory that no cache holds. Where steps follow one another, the next batch's are asked for while
/// this one is computed.
/// </remarks>
internal sealed unsafe class ImageFetch : IDisposable
{
    private const int Lanes = 8;

    // Bytes that are copied before the first of them is converted.
    private const int BlockBytes = 8192;

    // Batches of more bytes are not asked for early: half of them would have left the second-level cache when they are needed.
    private const int LargestEarly = 262_144;

    // byte / 255, correctly rounded: 1/255 is the sum of a number of sixteen bits, whose product with a byte is exact, and
    // of a rest.
    private const float Main = 0.0039215087890625f;
    private const float Rest = (float)((1d / 255) - Main);

    private readonly ImageDataset _data;
    private readonly BatchOrder _order = new();
    private readonly AlignedBuffer _block;
    private int[] _indices;
    private int[] _nextIndices;
    private (StepKey Key, DataSplit Split, RandomStream Order)? _next;
    private bool _nextIsKnown;

    /// <summary>Fetches nothing yet.</summary>
    /// <param name="data">Where the images are.</param>
    /// <param name="examples">Images of a batch.</param>
    public ImageFetch(ImageDataset data, int examples)
    {
        _data = data;
        _indices = new int[examples];
        _nextIndices = new int[examples];
        _block = new AlignedBuffer((Math.Max(BlockBytes, data.Height * data.Width) / sizeof(float)) + Lanes);
    }

    /// <summary>Fetches a batch.</summary>
    /// <param name="key">The step.</param>
    /// <param name="split">Part of the data.</param>
    /// <param name="order">Which shuffling.</param>
    /// <param name="intensities">Receives a row for each image, in [0, 1].</param>
    /// <param name="labels">Receives the classes as floats; at least as many as there are images.</param>
    /// <exception cref="ArgumentException">The split is smaller than a batch.</exception>
    public void Run(StepKey key, DataSplit split, RandomStream order, BlockedColumns intensities, Span<float> labels)
    {
        var images = _data[split];
        var follows = _next == (key, split, order);
        if (follows && _nextIsKnown)
        {
            (_indices, _nextIndices) = (_nextIndices, _indices);
        }
        else
        {
            _order.Fill(key, split, order, images.Count, _indices);
            Prefetch(images, _indices);
        }

        var classes = images.Labels;
        for (var i = 0; i < _indices.Length; i++)
        {
            labels[i] = classes[_indices[i]];
        }

        Convert(images.Pixels, images.PixelsPerImage, intensities.Blocks);
        GC.KeepAlive(intensities);
        var next = new StepKey(key.Trajectory, key.InnerStep + 1);
        if (follows)
        {
            _order.Fill(next, split, order, images.Count, _nextIndices);
            Prefetch(images, _nextIndices);
        }

        (_next, _nextIsKnown) = ((next, split, order), follows);
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    // Images are copied before they are converted: the processor looks ahead over the copies of many of them, but over the
    // conversion of two only.
    private void Convert(ReadOnlySpan<byte> images, int width, ColumnBlock[] intensities)
    {
        var most = Math.Max(1, BlockBytes / width);
        var block = (byte*)_block.Pointer;
        fixed (byte* pixels = images)
        {
            for (var first = 0; first < _indices.Length; first += most)
            {
                var indices = _indices.AsSpan(first, Math.Min(most, _indices.Length - first));
                Copy(pixels, width, indices, block);
                foreach (var columns in intensities)
                {
                    Intensities(
                        block + columns.First, width, indices.Length, columns.Count,
                        columns.Pointer + (first * columns.Stride), columns.Stride);
                }
            }
        }

        GC.KeepAlive(this);
    }

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
    private static void Intensities(byte* pixels, nint width, int images, nint columns, float* row, nint stride)
    {
        for (; images > 0; images--, pixels += width, row += stride)
        {
            nint i = 0;
            for (; Avx512F.IsSupported && i + (2 * Lanes) <= columns; i += 2 * Lanes)
            {
                var x = Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(pixels + i)));
                Vector512.FusedMultiplyAdd(x, Vector512.Create(Rest), x * Vector512.Create(Main)).Store(row + i);
            }

            for (; i + Lanes <= columns; i += Lanes)
            {
                Intensities(pixels + i).Store(row + i);
            }

            if (i < columns)
            {
                // Bytes behind the last one are read and not used.
                var last = Intensities(pixels + i);
                for (var lane = 0; i < columns; i++, lane++)
                {
                    row[i] = last[lane];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Intensities(byte* pixels)
    {
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
