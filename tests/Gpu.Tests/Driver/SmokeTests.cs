using System.Runtime.InteropServices;
using Xunit;

namespace Involute.Gpu.Tests.Driver;

/// <summary>The small kernels of smoke.cu through the binding.</summary>
public sealed class SmokeTests
{
    private static readonly float[] Odd =
    [
        0f, -0f, 1f, -1f, float.Epsilon, -float.Epsilon, 1.17549435e-38f, 1.17549421e-38f, float.MaxValue, float.MinValue, float.NaN,
        float.PositiveInfinity, float.NegativeInfinity, 1f / 3, 16777216f, 16777217f, 1e-20f, 1e20f, 0.1f, MathF.PI,
    ];

    [Theory]
    [InlineData(1, 32)]
    [InlineData(3, 256)]
    [InlineData(7, 33)]
    [InlineData(5, 1)]
    public void A_block_reverses_its_part_through_shared_memory(int blocks, int threads)
    {
        var device = CpuDevice.OrSkip();
        var count = blocks * threads;
        float[] from = [.. Enumerable.Range(0, count).Select(i => i + 0.5f)];
        using var stream = device.CreateStream();
        using var source = device.Allocate(count * sizeof(float));
        using var target = device.Allocate(count * sizeof(float));

        stream.Upload<float>(from, source);
        stream.Launch(device.Module("smoke").Kernel("smoke_reverse", threads * sizeof(float)), blocks, threads, [source.Address, target.Address, (ulong)count]);
        var to = new float[count];
        stream.Download<float>(target, 0, to);

        Assert.Equal(from.Chunk(threads).SelectMany(part => part.Reverse()), to);
    }

    [Fact]
    public void Single_precision_has_the_bits_of_the_CPU()
    {
        var (a, b, c) = Operands(bits => BitConverter.UInt32BitsToSingle((uint)bits), Odd);

        var results = Launch("smoke_arithmetic", a, b, c, 7);

        for (var i = 0; i < a.Length; i++)
        {
            float[] expected =
            [
                a[i] + b[i], a[i] - b[i], a[i] * b[i], a[i] / b[i], MathF.Sqrt(a[i]), MathF.FusedMultiplyAdd(a[i], b[i], c[i]), (a[i] * b[i]) + c[i],
            ];
            for (var k = 0; k < expected.Length; k++)
                Assert.True(Same(expected[k], results[(k * a.Length) + i]), $"operation {k} of {a[i]:R}, {b[i]:R}, {c[i]:R}: {results[(k * a.Length) + i]:R}, not {expected[k]:R}");
        }
    }

    [Fact]
    public void Double_precision_has_the_bits_of_the_CPU()
    {
        var (a, b, c) = Operands(bits => BitConverter.UInt64BitsToDouble(bits), [.. Odd.Select(x => (double)x), double.Epsilon, double.MaxValue]);

        var results = Launch("smoke_doubles", a, b, c, 5);

        for (var i = 0; i < a.Length; i++)
        {
            double[] expected = [a[i] + b[i], a[i] * b[i], a[i] / b[i], Math.Sqrt(a[i]), Math.FusedMultiplyAdd(a[i], b[i], c[i])];
            for (var k = 0; k < expected.Length; k++)
            {
                var got = results[(k * a.Length) + i];
                Assert.True(double.IsNaN(expected[k]) ? double.IsNaN(got) : BitConverter.DoubleToInt64Bits(expected[k]) == BitConverter.DoubleToInt64Bits(got), $"operation {k}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("backwards")]
    public void Barriers_of_warps_of_teams_and_of_blocks_hold_back_all_that_they_should(string order)
    {
        using var other = new OtherDevice(order);
        using var device = other.Open();
        const int Blocks = 5, Threads = 128, Team = 64;
        long[] from = [.. Enumerable.Range(0, Blocks * Threads).Select(i => (i * 7919L % 1009) + 1)];
        using var stream = device.CreateStream();
        using var source = device.Allocate(from.Length * sizeof(long));
        using var target = device.Allocate(from.Length * sizeof(long));

        stream.Upload<long>(from, source);
        stream.Launch(device.Module("smoke").Kernel("smoke_barriers", 0), Blocks, Threads, [source.Address, target.Address]);
        var to = new long[from.Length];
        stream.Download<long>(target, 0, to);

        var expected = new long[from.Length];
        for (var i = 0; i < from.Length; i++)
            expected[i] = from[i] + (i % Team == 0 ? 0 : expected[i - 1]);
        for (var i = 0; i < from.Length; i += Threads)
            expected[i] = -expected[i];
        Assert.Equal(expected, to);
    }

    [Fact]
    public async Task Several_threads_launch_at_once()
    {
        var device = CpuDevice.OrSkip();
        var launches = Enumerable.Range(0, 8).Select(n => Task.Run(() => A_block_reverses_its_part_through_shared_memory(4 + n, 64), TestContext.Current.CancellationToken));
        await Task.WhenAll(launches);
        Assert.True(device.Multiprocessors > 0);
    }

    private static T[] Launch<T>(string kernel, T[] a, T[] b, T[] c, int operations)
        where T : unmanaged
    {
        var device = CpuDevice.OrSkip();
        var bytes = a.Length * Marshal.SizeOf<T>();
        using var stream = device.CreateStream();
        using var inputs = device.Allocate(3L * bytes);
        using var outputs = device.Allocate((long)operations * bytes);
        stream.Upload<T>(a, inputs);
        stream.Upload<T>(b, inputs, bytes);
        stream.Upload<T>(c, inputs, 2 * bytes);
        stream.Launch(
            device.Module("smoke").Kernel(kernel, 0),
            (a.Length + 255) / 256,
            256,
            [inputs.Address, inputs.Address + (ulong)bytes, inputs.Address + (2 * (ulong)bytes), outputs.Address, (ulong)a.Length]);
        var results = new T[a.Length * operations];
        stream.Download<T>(outputs, 0, results);
        return results;
    }

    /// <summary>All pairs of odd values, then random bits.</summary>
    private static (T[] A, T[] B, T[] C) Operands<T>(Func<ulong, T> of, T[] odd)
    {
        List<(T, T, T)> all = [.. from x in odd from y in odd select (x, y, odd[3])];
        var bits = 0x9E3779B97F4A7C15UL;
        T Next()
        {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            return of(bits);
        }

        for (var i = 0; i < 5000; i++)
            all.Add((Next(), Next(), Next()));
        return ([.. all.Select(x => x.Item1)], [.. all.Select(x => x.Item2)], [.. all.Select(x => x.Item3)]);
    }

    private static bool Same(float x, float y) =>
        float.IsNaN(x) ? float.IsNaN(y) : BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y);
}
