using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Involute.Tasks.Randomness;

/// <summary>
/// An addressable stream of random numbers: number i is a function of (seed, step, trajectory, pair, stream, i) alone,
/// so nothing has to be saved to reproduce it.
/// </summary>
/// <remarks>
/// Key = seed; counter words = [block] [step] [trajectory] [pair: 24 bits, stream: 8 bits]. One block holds two 64-bit
/// numbers.
/// </remarks>
public readonly unsafe struct CounterStream
{
    /// <summary>Pairs are numbered 0 to this, exclusive: 24 bits of the counter.</summary>
    public const int PairLimit = 1 << 24;

    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _step;
    private readonly uint _trajectory;
    private readonly uint _pairAndStream;

    /// <summary>Addresses a stream.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pair"/> does not fit in 24 bits.</exception>
    public CounterStream(long seed, uint step, uint trajectory, int pair, RandomStream stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pair);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pair, PairLimit);
        _key0 = (uint)seed;
        _key1 = (uint)((ulong)seed >> 32);
        _step = step;
        _trajectory = trajectory;
        _pairAndStream = ((uint)pair << 8) | (byte)stream;
    }

    /// <summary>The four words of one block.</summary>
    public (uint W0, uint W1, uint W2, uint W3) Block(uint index) =>
        Philox4x32.Block(index, _step, _trajectory, _pairAndStream, _key0, _key1);

    /// <summary>The i-th 64-bit number.</summary>
    public ulong Bits(uint index)
    {
        var (w0, w1, w2, w3) = Block(index >> 1);
        return (index & 1) == 0 ? ((ulong)w1 << 32) | w0 : ((ulong)w3 << 32) | w2;
    }

    /// <summary>The i-th uniform number, strictly between 0 and 1, with 52 random bits.</summary>
    public double Uniform(uint index) => ToUniform(Bits(index));

    /// <summary>The i-th standard normal number.</summary>
    public double Normal(uint index) => StandardNormal.Quantile(Uniform(index));

    /// <summary>The i-th integer, uniform in [0, <paramref name="exclusiveLimit"/>).</summary>
    /// <remarks>By multiplication of 64 random bits: the bias is below limit · 2⁻⁶⁴.</remarks>
    public int Integer(uint index, int exclusiveLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveLimit);
        return (int)Math.BigMul(Bits(index), (ulong)exclusiveLimit, out _);
    }

    /// <summary>
    /// Fills <paramref name="destination"/> with independent N(0, <paramref name="scale"/>²) numbers.
    /// </summary>
    /// <remarks>Drawn and scaled in double, rounded once: a float fill is the rounded double fill.</remarks>
    public void FillNormal<T>(Span<T> destination, double scale = 1)
        where T : struct, IFloatingPointIeee754<T> => Fill<T, NormalQuantile>(0, destination, scale);

    /// <summary>Fills <paramref name="destination"/> with the numbers from the <paramref name="first"/> on, of any distribution.</summary>
    /// <remarks>As <see cref="FillNormal"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Fill<T, TQuantile>(int first, Span<T> destination, double scale)
        where T : struct, IFloatingPointIeee754<T>
        where TQuantile : struct, IQuantile
    {
        if ((first & 1) != 0 && destination.Length > 0)
        {
            destination[0] = Scaled<T, TQuantile>(Bits((uint)first), scale);
            first++;
            destination = destination[1..];
        }

        if (PackedPhilox.IsSupported)
        {
            FillPacked<T, TQuantile>(first, destination, scale);
            return;
        }

        for (var i = 0; i < destination.Length; i += 2)
        {
            var (w0, w1, w2, w3) = Block((uint)(first + i) >> 1);
            destination[i] = Scaled<T, TQuantile>(((ulong)w1 << 32) | w0, scale);
            if (i + 1 < destination.Length)
            {
                destination[i + 1] = Scaled<T, TQuantile>(((ulong)w3 << 32) | w2, scale);
            }
        }
    }

    // Many numbers at once; even one takes less time so.
    [SkipLocalsInit]
    private void FillPacked<T, TQuantile>(int start, Span<T> destination, double scale)
        where T : struct, IFloatingPointIeee754<T>
        where TQuantile : struct, IQuantile
    {
        const int lanes = 4;
        var numbers = stackalloc double[PackedNormal.Most];
        for (var i = 0; i < destination.Length; i += PackedNormal.Most)
        {
            var count = Math.Min(PackedNormal.Most, destination.Length - i);
            Uniforms((uint)(start + i) >> 1, numbers, count);
            TQuantile.Of(numbers, (count + lanes - 1) / lanes * lanes);
            Scale(numbers, scale, destination.Slice(i, count));
        }
    }

    // Eight numbers out of four blocks at a time; the last eight may be more than are asked for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Uniforms(uint block, double* numbers, int count)
    {
        var blocks = Vector256.Create((ulong)block) + Vector256.Create(0UL, 1, 2, 3);
        for (; count > 0; count -= 8, numbers += 8, blocks += Vector256.Create(4UL))
        {
            var (first, second) = PackedPhilox.Block(
                blocks,
                Vector256.Create((ulong)_step),
                Vector256.Create((ulong)_trajectory),
                Vector256.Create((ulong)_pairAndStream),
                Vector256.Create((ulong)_key0),
                Vector256.Create((ulong)_key1));
            var (even, odd) = (Avx2.UnpackLow(first, second), Avx2.UnpackHigh(first, second));
            PackedNormal.Uniform(Avx2.Permute2x128(even, odd, 0x20)).Store(numbers);
            PackedNormal.Uniform(Avx2.Permute2x128(even, odd, 0x31)).Store(numbers + 4);
        }
    }

    // A method of its own: in the one above the compiler would write the scale to memory for each number.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Scale<T>(double* numbers, double scale, Span<T> destination)
        where T : struct, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating(scale * numbers[i]);
        }
    }

    private static T Scaled<T, TQuantile>(ulong bits, double scale)
        where T : struct, IFloatingPointIeee754<T>
        where TQuantile : struct, IQuantile =>
        T.CreateTruncating(scale * TQuantile.Of(ToUniform(bits)));

    private static double ToUniform(ulong bits) => ((bits >> 12) + 0.5) * (1.0 / (1UL << 52));
}
