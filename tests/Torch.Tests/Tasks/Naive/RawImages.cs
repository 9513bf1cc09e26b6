using System.Buffers.Binary;
using System.IO.Compression;
using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>The images that come with the program, read from its resources: 8×8, IDX files.</summary>
/// <remarks>In the order of the training file 80 % train, 10 % validate, and 10 % are for the meta-loss.</remarks>
internal static class RawImages
{
    public const int Pixels = 64;

    private static readonly Lazy<(byte[] Images, byte[] Labels)> Training = new(() => Read("train"));
    private static readonly Lazy<(byte[] Images, byte[] Labels)> Test = new(() => Read("t10k"));

    /// <summary>Images of a split.</summary>
    public static int Count(DataSplit split) => split switch
    {
        DataSplit.Train => 48_000,
        DataSplit.Test => 10_000,
        _ => 6_000,
    };

    /// <summary>Pixels in [0, 1], and the class.</summary>
    public static (double[] Image, int Label) At(DataSplit split, int index)
    {
        var (images, labels) = split == DataSplit.Test ? Test.Value : Training.Value;
        var place = index + split switch { DataSplit.InnerValid => 48_000, DataSplit.OuterValid => 54_000, _ => 0 };
        return (
            Array.ConvertAll(images[(place * Pixels)..((place + 1) * Pixels)], value => value / 255.0), labels[place]);
    }

    private static (byte[] Images, byte[] Labels) Read(string part) =>
        (Contents($"{part}-images-idx3", 3), Contents($"{part}-labels-idx1", 1));

    // What follows the header: a magic number, and one size for each dimension.
    private static byte[] Contents(string name, int dimensions)
    {
        var resource = $"Involute.Tasks.Images.Data.fashion-mnist-8x8-{name}-ubyte.gz";
        using var packed = typeof(FashionMnist).Assembly.GetManifestResourceStream(resource)!;
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var memory = new MemoryStream();
        unpacked.CopyTo(memory);
        var file = memory.ToArray();
        var length = 1;
        for (var i = 1; i <= dimensions; i++)
        {
            length *= BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(4 * i));
        }

        return file.Length == (4 * (dimensions + 1)) + length
            ? file[(4 * (dimensions + 1))..]
            : throw new InvalidDataException($"{resource} has {file.Length} bytes");
    }
}
