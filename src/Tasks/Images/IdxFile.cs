using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection;

namespace Involute.Tasks.Images;

/// <summary>Reads the IDX format, plain or gzipped: that of MNIST and of the data sets made like it.</summary>
/// <remarks>
/// Two zero bytes, the element type (8 = unsigned byte), the number of dimensions, then each dimension as a big-endian
/// 32-bit integer, then the elements (http://yann.lecun.com/exdb/mnist). Everything that does not agree is an error:
/// training on half a file would look like a bad result.
/// </remarks>
public static class IdxFile
{
    private const byte UnsignedByte = 8;

    // Deflate cannot expand more than 1,032 times, so a larger claim in a header is false; checked before allocating.
    private const long LargestExpansion = 1032;

    /// <summary>Reads images and their labels and checks them against each other.</summary>
    /// <param name="imageFile">Path of a file with three dimensions: count, height, width.</param>
    /// <param name="labelFile">Path of a file with one dimension.</param>
    /// <param name="classes">Labels must be below this.</param>
    /// <exception cref="DataFormatException">A file is missing, unreadable, or not what it should be.</exception>
    public static LabelledImages Read(string imageFile, string labelFile, int classes) =>
        Read(imageFile, ReadFile(imageFile), labelFile, ReadFile(labelFile), classes);

    /// <summary>The same for resources of an assembly.</summary>
    /// <exception cref="DataFormatException">One is missing, or not what it should be.</exception>
    public static LabelledImages Embedded(Assembly assembly, string images, string labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return Read(images, Resource(assembly, images), labels, Resource(assembly, labels), classes);
    }

    /// <summary>The same for files that are in memory already; the names are for messages.</summary>
    /// <exception cref="DataFormatException">The contents are not what they should be.</exception>
    public static LabelledImages Read(
        string imageFile, byte[] imageBytes, string labelFile, byte[] labelBytes, int classes)
    {
        var (images, pixels) = Parse(imageFile, imageBytes, "count, height, width");
        var (labelCount, labels) = Parse(labelFile, labelBytes, "count");
        if (images[0] != labelCount[0])
        {
            throw new DataFormatException(
                labelFile, $"{labelCount[0]} labels", $"one for each of the {images[0]} images of {imageFile}");
        }

        for (var i = 0; i < labels.Length; i++)
        {
            if (labels.Span[i] >= classes)
            {
                throw new DataFormatException(labelFile, $"label {labels.Span[i]} at index {i}", $"0 to {classes - 1}");
            }
        }

        return new LabelledImages(pixels, labels, images[1], images[2]);
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(path, $"cannot be read ({e.Message})", "an IDX file");
        }
    }

    private static (int[] Sizes, ReadOnlyMemory<byte> Elements) Parse(string file, byte[] bytes, string dimensions)
    {
        var rank = dimensions.Split(',').Length;
        var content = IsGzip(bytes) ? Expand(file, bytes) : bytes;
        var header = 4 + (4 * rank);
        var magic = content.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(content) : 0;
        if (magic >> 8 != UnsignedByte)
        {
            throw new DataFormatException(
                file, $"wrong magic number 0x{magic:x8}", $"0x{(UnsignedByte << 8) | rank:x8} (IDX of unsigned bytes)");
        }

        if ((magic & 0xFF) != rank)
        {
            throw new DataFormatException(file, $"{magic & 0xFF} dimensions", $"{rank} ({dimensions})");
        }

        if (content.Length < header)
        {
            throw new DataFormatException(file, $"truncated after {content.Length} bytes", $"a header of {header}");
        }

        var sizes = new int[rank];
        var length = (Int128)1;
        for (var i = 0; i < rank; i++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(4 + (4 * i)));
            length *= size;
            sizes[i] = (int)Math.Min(size, int.MaxValue);
        }

        var shape = $"{string.Join(" x ", sizes)} ({dimensions})";
        if (length == 0)
        {
            throw new DataFormatException(file, $"empty, sizes {shape}", "sizes of at least 1");
        }

        var elements = content.Length - header;
        return elements == length
            ? (sizes, content.AsMemory(header))
            : throw new DataFormatException(
                file,
                elements < length ? $"truncated after {elements} elements" : $"{elements - length} trailing bytes",
                $"{length} elements, for sizes {shape}");
    }

    private static bool IsGzip(byte[] bytes) => bytes is [0x1f, 0x8b, ..];

    private static byte[] Expand(string file, byte[] bytes)
    {
        // The last four bytes give the expanded length, so that trailing bytes and a cut in the trailer show, which the
        // decompressor passes over in silence.
        var length = bytes.Length < 18 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4));
        if (length == 0 || length > bytes.Length * LargestExpansion || length > Array.MaxLength)
        {
            throw new DataFormatException(
                file, "truncated gzip data, or trailing bytes behind it", "a whole gzip file");
        }

        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            var content = new byte[length];
            gzip.ReadExactly(content);
            return gzip.ReadByte() < 0
                ? content
                : throw new DataFormatException(file, "trailing bytes behind the gzip data", "a whole gzip file");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(file, $"damaged or truncated gzip data ({e.Message})", "a whole gzip file");
        }
    }

    private static byte[] Resource(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new DataFormatException(name, "not in the assembly", "a build from a whole checkout");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
