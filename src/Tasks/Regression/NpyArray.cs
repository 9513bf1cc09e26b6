using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Involute.Tasks.Images;

namespace Involute.Tasks.Regression;

/// <summary>An array in NumPy's NPY format, versions 1.0 and 2.0, in C order.</summary>
/// <remarks>
/// Six bytes \x93NUMPY, two of the version, the length of the header (two bytes in version 1, four in 2), the header as
/// a Python dictionary, the elements: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
/// </remarks>
public sealed partial class NpyArray
{
    /// <summary>Size of the largest file that is read, in bytes.</summary>
    public const long MostBytes = 1L << 30;

    private const int Prefix = 8;
    private const int MostHeader = 1 << 16;

    private readonly string _file;
    private readonly string? _shape;

    private NpyArray(string file, string type, string? shape, ReadOnlyMemory<byte> elements)
    {
        _file = file;
        _shape = shape;
        Type = type;
        Elements = elements;
    }

    /// <summary>What it begins with.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Type of the elements as NumPy writes it: <c>&lt;f4</c> is float32.</summary>
    public string Type { get; }

    /// <summary>All that comes behind the header, little-endian; <see cref="RequireWhole"/> checks how long it is.</summary>
    public ReadOnlyMemory<byte> Elements { get; }

    /// <summary>Sizes of its dimensions as the header has them.</summary>
    /// <exception cref="DataFormatException">There are none in the header.</exception>
    public IReadOnlyList<string> Sizes => _shape is null
        ? throw new DataFormatException(_file, "no shape in the header", "a tuple of sizes")
        : _shape.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Reads the header of an array.</summary>
    /// <param name="file">Its name for messages.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="types">Which types are allowed, and their names for messages.</param>
    /// <exception cref="DataFormatException">A version, type or order that is not read, or a header that cannot be
    /// understood.</exception>
    public static NpyArray Read(string file, ReadOnlyMemory<byte> bytes, IReadOnlyDictionary<string, string> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        var (header, elements) = Divide(file, bytes);
        var type = TypePattern().Match(header) is { Success: true } match ? match.Groups[1].Value : "";
        if (!types.ContainsKey(type))
        {
            var quoted = string.Join(" or ", types.Keys.Select(known => $"'{known}'"));
            var allowed = $"{quoted} ({string.Join(", ", types.Values)})";
            throw type.Length == 0
                ? new DataFormatException(file, "no simple dtype in the header", $"dtype {allowed}")
                : new DataFormatException(file, $"dtype '{type}'", allowed);
        }

        var order = OrderPattern().Match(header);
        if (!order.Success || order.Groups[1].Value != "False")
        {
            throw new DataFormatException(
                file, order.Success ? "Fortran order" : "no order in the header", "C order (numpy.ascontiguousarray)");
        }

        var shape = ShapePattern().Match(header);
        return new NpyArray(file, type, shape.Success ? shape.Groups[1].Value : null, elements);
    }

    /// <summary>A size of a dimension, or null when it is not from 1 to the most.</summary>
    /// <param name="text">One of <see cref="Sizes"/>.</param>
    /// <param name="most">The largest.</param>
    public static int? Size(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size >= 1 && size <= most ? size : null;

    /// <summary>Checks that there are as many elements as the header says.</summary>
    /// <param name="sizes">Sizes of the dimensions.</param>
    /// <exception cref="DataFormatException">Elements are missing or left over.</exception>
    public void RequireWhole(params ReadOnlySpan<int> sizes)
    {
        var width = Type[^1] - '0';
        Int128 expected = width;
        foreach (var size in sizes)
        {
            // No file is longer than this, and the product of many sizes might not fit.
            expected = expected > long.MaxValue ? expected : expected * size;
        }

        if (Elements.Length != expected)
        {
            throw new DataFormatException(
                _file,
                Elements.Length < expected
                    ? $"truncated: {Elements.Length} bytes of elements"
                    : $"{Elements.Length - expected} trailing bytes",
                $"{expected} bytes for {string.Join(" x ", sizes.ToArray())} elements of {width} bytes");
        }
    }

    private static (string Header, ReadOnlyMemory<byte> Elements) Divide(string file, ReadOnlyMemory<byte> memory)
    {
        var bytes = memory.Span;
        if (bytes.Length < Prefix)
        {
            throw new DataFormatException(file, $"truncated after {bytes.Length} bytes", "a whole NPY file");
        }

        var (major, minor) = (bytes[6], bytes[7]);
        if (major is not (1 or 2) || minor != 0)
        {
            throw new DataFormatException(file, $"NPY version {major}.{minor}", "version 1.0 or 2.0");
        }

        var start = Prefix + (major == 1 ? sizeof(ushort) : sizeof(uint));
        if (bytes.Length < start)
        {
            throw new DataFormatException(file, $"truncated after {bytes.Length} bytes", "a whole NPY file");
        }

        var length = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[Prefix..])
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[Prefix..]);
        if (length > MostHeader)
        {
            throw new DataFormatException(file, $"a header of {length} bytes", $"at most {MostHeader}");
        }

        return start + length <= bytes.Length
            ? (Encoding.Latin1.GetString(bytes.Slice(start, (int)length)), memory[(start + (int)length)..])
            : throw new DataFormatException(
                file, $"truncated after {bytes.Length} bytes", $"a header that ends after {start + length}");
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([^'\\p{Cc}]{1,20})'", RegexOptions.CultureInvariant)]
    private static partial Regex TypePattern();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)", RegexOptions.CultureInvariant)]
    private static partial Regex OrderPattern();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([0-9, ]*)\\)", RegexOptions.CultureInvariant)]
    private static partial Regex ShapePattern();
}
