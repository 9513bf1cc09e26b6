using System.Runtime.InteropServices;
using Involute.Tasks.Images;
using Involute.Tasks.Randomness;

namespace Involute.Host.Benchmarks;

/// <summary>Images of random pixels: how fast a step is does not depend on what is on them.</summary>
internal static class RandomImages
{
    private const int Classes = 10;
    private const int Count = 4096;

    /// <summary>Images of <paramref name="size"/>×<paramref name="size"/> pixels in 10 classes.</summary>
    public static ImageDataset Of(int size) => new(
        $"random{size}", Classes, size, size, () => Images(size, 0), () => Images(size, 1));

    private static LabelledImages Images(int size, uint part)
    {
        var pixels = new uint[(Count * size * size / sizeof(uint)) + 1];
        var labels = new byte[Count];
        for (var i = 0; i + 3 < pixels.Length; i += 4)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) =
                Philox4x32.Block((uint)i, part, 0, 0, 0, 0);
        }

        for (var i = 0; i < Count; i++)
        {
            labels[i] = (byte)(i % Classes);
        }

        return new LabelledImages(
            MemoryMarshal.AsBytes(pixels.AsSpan())[..(Count * size * size)].ToArray(), labels, size, size);
    }
}
