using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Involute.Tasks.Images;

namespace Involute.Tasks.Regression;

/// <summary>
/// Reads a table in NumPy's NPY format, versions 1.0 and 2.0: little-endian float32 or float64, C order.
/// </summary>
/// <remarks>
/// Six bytes \x93NUMPY, two of the version, the length of the header (two bytes in version 1, four in 2), the header as
/// a Python dictionary, the elements: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
/// </remarks>
internal static partial class NpyTable
{
    private const int Prefix = 8;
    private const int MostHeader = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Whether a file is NPY by its first bytes; the stream is at its start before and after.</summary>
    /// <exception cref="DataFormatException">Its name says NPY, and its first bytes do not.</exception>
    public static bool IsNpy(string path, Stream stream)
    {
        Span<byte> start = stackalloc byte[6];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (start[..length].SequenceEqual(Magic))
        {
            return true;
        }

        return path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
            ? throw new DataFormatException(
                path, "it does not begin as an NPY file", "the bytes \\x93NUMPY, or CSV under another name")
            : false;
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="DataFormatException">A version, type, order or number of dimensions that is not read, a header
    /// that cannot be understood, elements missing or left over, or an element that is not finite.</exception>
    public static NumberTable Read(string path, Stream stream)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var (header, elements) = Divide(path, bytes);
        var isDouble = IsDouble(path, header);
        var order = OrderPattern().Match(header);
        if (!order.Success || order.Groups[1].Value != "False")
        {
            throw new DataFormatException(
                path, order.Success ? "Fortran order" : "no order in the header", "C order (numpy.ascontiguousarray)");
        }

        var (rows, columns) = Sizes(path, header);
        var width = isDouble ? sizeof(double) : sizeof(float);
        var expected = (Int128)rows * columns * width;
        if (elements.Length != expected)
        {
            throw new DataFormatException(
                path,
                elements.Length < expected

                        ? $"truncated: {elements.Length} bytes of elements"
                        : $"{elements.Length - expected} trailing bytes",
                $"{expected} bytes for {rows} x {columns} elements of {width} bytes");
        }

        return new NumberTable(columns, Values(path, elements, columns, isDouble));
    }

    private static (string Header, ReadOnlyMemory<byte> Elements) Divide(string path, byte[] bytes)
    {
        if (bytes.Length < Prefix)
        {
            throw new DataFormatException(path, $"truncated after {bytes.Length} bytes", "a whole NPY file");
        }

        var (major, minor) = (bytes[6], bytes[7]);
        if (major is not (1 or 2) || minor != 0)
        {
            throw new DataFormatException(path, $"NPY version {major}.{minor}", "version 1.0 or 2.0");
        }

        var start = Prefix + (major == 1 ? sizeof(ushort) : sizeof(uint));
        if (bytes.Length < start)
        {
            throw new DataFormatException(path, $"truncated after {bytes.Length} bytes", "a whole NPY file");
        }

        var length = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(Prefix))
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(Prefix));
        if (length > MostHeader)
        {
            throw new DataFormatException(path, $"a header of {length} bytes", $"at most {MostHeader}");
        }

        return start + length <= bytes.Length
            ? (Encoding.Latin1.GetString(bytes, start, (int)length), bytes.AsMemory(start + (int)length))
            : throw new DataFormatException(
                path, $"truncated after {bytes.Length} bytes", $"a header that ends after {start + length}");
    }

    private static bool IsDouble(string path, string header)
    {
        var type = TypePattern().Match(header) is { Success: true } match ? match.Groups[1].Value : "";
        return type switch
        {
            "<f4" => false,
            "<f8" => true,
            "" => throw new DataFormatException(
                path, "no simple dtype in the header", "dtype '<f4' or '<f8' (float32, float64)"),
            _ => throw new DataFormatException(path, $"dtype '{type}'", "'<f4' or '<f8' (float32, float64)"),
        };
    }

    private static (int Rows, int Columns) Sizes(string path, string header)
    {
        var match = ShapePattern().Match(header);
        string[] sizes = match.Groups[1].Value.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!match.Success || sizes.Length != 2)
        {
            throw new DataFormatException(
                path, match.Success ? $"{sizes.Length} dimensions" : "no shape in the header", "2 (rows, columns)");
        }

        return Size(sizes[0], int.MaxValue) is { } rows && Size(sizes[1], NumberTable.MostColumns) is { } columns
            ? (rows, columns)
            : throw new DataFormatException(
                path, $"{sizes[0]} x {sizes[1]} elements",
                $"at least one row, and 1 to {NumberTable.MostColumns} columns");
    }

    private static int? Size(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size >= 1 && size <= most ? size : null;

    private static double[] Values(string path, ReadOnlyMemory<byte> elements, int columns, bool isDouble)
    {
        var bytes = elements.Span;
        var values = new double[bytes.Length / (isDouble ? sizeof(double) : sizeof(float))];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = isDouble
                ? BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..])
                : BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
            if (NumberTable.ProblemOf(values[i]) is { } problem)
            {
                throw new DataFormatException(
                    path, $"row {(i / columns) + 1}, column {(i % columns) + 1}: {problem}", NumberTable.AllowedNumber);
            }
        }

        return values;
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([^'\\p{Cc}]{1,20})'", RegexOptions.CultureInvariant)]
    private static partial Regex TypePattern();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)", RegexOptions.CultureInvariant)]
    private static partial Regex OrderPattern();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([0-9, ]*)\\)", RegexOptions.CultureInvariant)]
    private static partial Regex ShapePattern();
}
