namespace Involute.Tasks.Images;

/// <summary>Greyscale images and their classes; bytes from 0 (black) to 255, row by row, image by image.</summary>
/// <remarks>Immutable. A task sees a byte b as the float b / 255.</remarks>
public sealed class LabelledImages
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly ReadOnlyMemory<byte> _labels;

    /// <summary>Wraps pixels [count, height, width] and labels [count]; they are not copied.</summary>
    /// <exception cref="ArgumentException">The lengths do not agree, or a size is below 1.</exception>
    public LabelledImages(ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        PixelsPerImage = checked(height * width);
        if ((long)labels.Length * PixelsPerImage != pixels.Length)
        {
            throw new ArgumentException(
                $"{pixels.Length} pixels are not {labels.Length} images of {height}x{width}", nameof(pixels));
        }

        _pixels = pixels;
        _labels = labels;
        Height = height;
        Width = width;
    }

    /// <summary>Number of images.</summary>
    public int Count => _labels.Length;

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>Height times width.</summary>
    public int PixelsPerImage { get; }

    /// <summary>All pixels, [count, height, width].</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.Span;

    /// <summary>The classes, counted from 0.</summary>
    public ReadOnlySpan<byte> Labels => _labels.Span;

    /// <summary>A range of the images, without copying.</summary>
    public LabelledImages Slice(int first, int count) => new(
        _pixels.Slice(first * PixelsPerImage, count * PixelsPerImage), _labels.Slice(first, count), Height, Width);

    /// <summary>The same images at another size; see <see cref="BilinearResampling"/>.</summary>
    public LabelledImages Resized(int height, int width)
    {
        if (height == Height && width == Width)
        {
            return this;
        }

        var resampling = new BilinearResampling(Height, Width, height, width);
        var pixels = new byte[checked(Count * height * width)];
        for (var i = 0; i < Count; i++)
        {
            resampling.Run(
                Pixels.Slice(i * PixelsPerImage, PixelsPerImage), pixels.AsSpan(i * height * width, height * width));
        }

        return new LabelledImages(pixels, _labels, height, width);
    }
}
