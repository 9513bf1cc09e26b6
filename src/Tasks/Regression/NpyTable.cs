using System.Buffers.Binary;
using Involute.Tasks.Images;

namespace Involute.Tasks.Regression;

/// <summary>Reads a table from an <see cref="NpyArray"/> of float32 or float64.</summary>
internal static class NpyTable
{
    private const string Double = "<f8";

    private static readonly Dictionary<string, string> Types = new() { ["<f4"] = "float32", [Double] = "float64" };

    /// <summary>Whether a file is NPY by its first bytes; the stream is at its start before and after.</summary>
    /// <exception cref="DataFormatException">Its name says NPY, and its first bytes do not.</exception>
    public static bool IsNpy(string path, Stream stream)
    {
        Span<byte> start = stackalloc byte[NpyArray.Magic.Length];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (start[..length].SequenceEqual(NpyArray.Magic))
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
        var array = NpyArray.Read(path, bytes, Types);
        var (rows, columns) = Sizes(path, array);
        array.RequireWhole(rows, columns);
        return new NumberTable(columns, Values(path, array.Elements.Span, columns, array.Type == Double));
    }

    private static (int Rows, int Columns) Sizes(string path, NpyArray array)
    {
        var sizes = array.Sizes;
        if (sizes.Count != 2)
        {
            throw new DataFormatException(path, $"{sizes.Count} dimensions", "2 (rows, columns)");
        }

        return NpyArray.Size(sizes[0], int.MaxValue) is { } rows
            && NpyArray.Size(sizes[1], NumberTable.MostColumns) is { } columns
                ? (rows, columns)
                : throw new DataFormatException(
                    path, $"{sizes[0]} x {sizes[1]} elements",
                    $"at least one row, and 1 to {NumberTable.MostColumns} columns");
    }

    private static double[] Values(string path, ReadOnlySpan<byte> bytes, int columns, bool isDouble)
    {
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
}
