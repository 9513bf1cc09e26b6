using System.Globalization;
using System.Runtime.InteropServices;
using Involute.Tasks.Images;
using Involute.Tasks.Regression;
using TorchSharp;
using static TorchSharp.torch;

namespace Involute.Torch.Scripts;

/// <summary>An array of a NumPy file as a tensor.</summary>
internal static class ExampleArray
{
    private const string Single = "<f4";
    private const string Double = "<f8";
    private const string Byte = "|u1";
    private const string Long = "<i8";
    private const int MostDimensions = 8;

    // Lives as long as the process: a number that TorchSharp wraps for a call may be freed before native code reads it.
    private static readonly Lazy<Scalar> White = new(() => (Scalar)255f);

    private static readonly Dictionary<string, string> Types = new()
    {
        [Single] = "float32",
        [Double] = "float64",
        [Byte] = "uint8",
        ["<i4"] = "int32",
        [Long] = "int64",
    };

    /// <summary>Reads it.</summary>
    /// <param name="name">Of the array, for messages.</param>
    /// <param name="bytes">An NPY file.</param>
    /// <param name="bytesAreClasses">Whether uint8 stays a whole number; otherwise it is a brightness, and is divided
    /// by 255.</param>
    /// <returns>float32 or int64, [rows, …]; in the scope of the caller.</returns>
    /// <exception cref="DataFormatException">It is not what it should be.</exception>
    public static Tensor Read(string name, byte[] bytes, bool bytesAreClasses)
    {
        if (!bytes.AsSpan().StartsWith(NpyArray.Magic))
        {
            throw new DataFormatException(name, "it does not begin as an NPY file", "the bytes \\x93NUMPY");
        }

        var array = NpyArray.Read(name, bytes, Types);
        var sizes = Sizes(name, array);
        array.RequireWhole(sizes);
        var elements = array.Elements.Span;
        var flat = array.Type switch
        {
            Single => tensor(Finite(name, MemoryMarshal.Cast<byte, float>(elements).ToArray(), sizes)),
            Double => tensor(Finite(name, Rounded(MemoryMarshal.Cast<byte, double>(elements)), sizes)),
            Byte when bytesAreClasses => tensor(elements.ToArray(), ScalarType.Byte).to_type(ScalarType.Int64),
            Byte => tensor(elements.ToArray(), ScalarType.Byte).to_type(ScalarType.Float32).div_(White.Value),
            Long => tensor(MemoryMarshal.Cast<byte, long>(elements).ToArray()),
            _ => tensor(MemoryMarshal.Cast<byte, int>(elements).ToArray()).to_type(ScalarType.Int64),
        };
        return flat.view(Array.ConvertAll(sizes, size => (long)size));
    }

    private static int[] Sizes(string name, NpyArray array)
    {
        var sizes = array.Sizes;
        var numbers = sizes.Select(size => NpyArray.Size(size, int.MaxValue)).OfType<int>().ToArray();
        return numbers.Length == sizes.Count && sizes.Count is > 0 and <= MostDimensions
            ? numbers
            : throw new DataFormatException(
                name, $"the shape ({string.Join(", ", sizes)})",
                $"1 to {MostDimensions} sizes of at least 1, the first of them the number of examples");
    }

    private static float[] Rounded(ReadOnlySpan<double> values)
    {
        var rounded = new float[values.Length];
        for (var i = 0; i < rounded.Length; i++)
        {
            rounded[i] = (float)values[i];
        }

        return rounded;
    }

    private static float[] Finite(string name, float[] values, int[] sizes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new DataFormatException(
                    name,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"example {i / (values.Length / sizes[0])} has an element that is {values[i]} as float32"),
                    "finite numbers, at most 3.4e38 in size");
            }
        }

        return values;
    }
}
