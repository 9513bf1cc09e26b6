using System.Runtime.InteropServices;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Exporting;

/// <summary>A named array of numbers, as it stands in a file: little-endian, row-major.</summary>
/// <param name="Name">Its name, unique within the file.</param>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
/// <param name="IsDouble">Whether its numbers are float64; else they are float32.</param>
/// <param name="Content">Their bytes.</param>
internal sealed record ExportedArray(string Name, IReadOnlyList<int> Shape, bool IsDouble, ReadOnlyMemory<byte> Content)
{
    /// <summary>An array of float32.</summary>
    public static ExportedArray Of(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values) =>
        new(name, shape, IsDouble: false, Bytes(values, sizeof(float)));

    /// <summary>An array of float64.</summary>
    public static ExportedArray Of(string name, IReadOnlyList<int> shape, ReadOnlySpan<double> values) =>
        new(name, shape, IsDouble: true, Bytes(values, sizeof(double)));

    /// <summary>Its numbers as float32.</summary>
    public ReadOnlySpan<float> Singles => MemoryMarshal.Cast<byte, float>(Content.Span);

    /// <summary>Its numbers as float64.</summary>
    public ReadOnlySpan<double> Doubles => MemoryMarshal.Cast<byte, double>(Content.Span);

    private static byte[] Bytes<T>(ReadOnlySpan<T> values, int size)
        where T : struct
    {
        var bytes = new byte[values.Length * size];
        FlatBytes.Write(values, bytes);
        return bytes;
    }
}
