using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Numerics;

/// <summary>Functions of several numbers at once against those of one, above all where the way of computing changes.</summary>
public sealed class PortableVectorsTests
{
    private static readonly double[] Edges =
    [
        0, double.NaN, double.PositiveInfinity, double.Epsilon, 1e-310, 2.2250738585072014e-308, double.MaxValue, 0.5, 1, 2,
        Math.BitDecrement(1.0), Math.BitIncrement(1.0), 1e-9, 0.1, 0.7071067811865476, 1.4142135623730951, 0.34657359027997264,
        20, 22, 349.9, 350, Math.BitIncrement(350), 699.9, 700, Math.BitIncrement(700), 708.4, 709.78, 709.79, 745.13, 745.14, 1e5,
        1073741824, Math.BitIncrement(1073741824), 1e300, Math.PI, Math.PI / 2, Math.PI / 4, 1e-40, float.MaxValue, float.Epsilon,
        87.33, 88.72, 88.73, 103.9, 104,
    ];

    private static readonly (Func<double, double> One, Func<Vector256<double>, Vector256<double>> Four,
        Func<Vector256<float>, Vector256<float>> Eight)[] Functions =
    [
        (PortableMath.Exp, PortableVectors.Exp, PortableVectors.Exp), (PortableMath.Log, PortableVectors.Log, PortableVectors.Log),
        (PortableMath.Sin, PortableVectors.Sin, PortableVectors.Sin), (PortableMath.Cos, PortableVectors.Cos, PortableVectors.Cos),
        (PortableMath.Tanh, PortableVectors.Tanh, PortableVectors.Tanh),
    ];

    [Fact]
    public void Each_number_has_its_own_bits_beside_any_other()
    {
        double[] values = [.. Edges, .. Edges.Select(value => -value), .. Random()];
        foreach (var function in Functions)
        {
            for (var i = 0; i < values.Length; i++)
            {
                // Neighbours of the list, ordinary numbers, and one that is none.
                Check(function, [values[i], values[(i + 1) % values.Length], 0.25, values[(i * 7) % values.Length]]);
                Check(function, [0.25, 1.5, values[i], 3]);
            }
        }
    }

    private static void Check(
        (Func<double, double> One, Func<Vector256<double>, Vector256<double>> Four, Func<Vector256<float>, Vector256<float>> Eight) function,
        double[] values)
    {
        var four = function.Four(Vector256.Create(values));
        float[] floats = [.. values.Select(value => (float)value), .. values.Reverse().Select(value => (float)value)];
        var eight = function.Eight(Vector256.Create(floats));
        for (var lane = 0; lane < 4; lane++)
        {
            Assert.Equal(Bits(function.One(values[lane])), Bits(four[lane]));
        }

        for (var lane = 0; lane < 8; lane++)
        {
            Assert.Equal(Bits((float)function.One(floats[lane])), Bits(eight[lane]));
        }
    }

    // One NaN is as good as another; 0 and -0 are told apart.
    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value);

    // Any bits at all.
    private static IEnumerable<double> Random()
    {
        var stream = new CounterStream(5, 0, 0, 0, RandomStream.TaskSample);
        return Enumerable.Range(0, 4000).Select(i => BitConverter.UInt64BitsToDouble(stream.Bits((uint)i)));
    }
}
