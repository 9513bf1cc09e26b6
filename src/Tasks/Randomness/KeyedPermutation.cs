using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Randomness;

/// <summary>A random order of 0 … n − 1 in which any place can be looked up without computing the others.</summary>
/// <remarks>
/// A Feistel network of eight rounds permutes the next even power of two; a value outside the range is permuted again
/// until it falls inside (cycle walking: less than four times on average). Its keys come from the counter stream.
/// Black, Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002. Small ranges need a true shuffle:
/// <see cref="Shuffle"/>.
/// </remarks>
public readonly struct KeyedPermutation
{
    /// <summary>From this size on the network is used, below it the shuffle.</summary>
    public const int SmallestNetwork = 1024;

    // Those of Philox.
    private const uint Multiplier0 = Philox4x32.Multiplier0;
    private const uint Multiplier1 = Philox4x32.Multiplier1;

    // Numbers that are looked up at a time; whole groups.
    private const int Stretch = 512;

    // Numbers that go through the network side by side: four vectors.
    private const int Group = 32;

    private readonly uint _count;
    private readonly int _halfBits;
    private readonly (uint K0, uint K1, uint K2, uint K3) _early;
    private readonly (uint K0, uint K1, uint K2, uint K3) _late;

    /// <summary>Prepares the order of <paramref name="count"/> numbers.</summary>
    /// <param name="stream">Where the keys come from.</param>
    /// <param name="firstBlock">The two blocks of the stream from here on are the keys.</param>
    /// <param name="count">At least <see cref="SmallestNetwork"/>.</param>
    public KeyedPermutation(CounterStream stream, uint firstBlock, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, SmallestNetwork);
        _count = (uint)count;
        _halfBits = (33 - int.LeadingZeroCount(count - 1)) / 2;
        _early = stream.Block(firstBlock);
        _late = stream.Block(firstBlock + 1);
    }

    /// <summary>The number at a place.</summary>
    public int this[int place]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, _count, nameof(place));
            var value = (uint)place;
            do
            {
                value = Network(value);
            }
            while (value >= _count);

            return (int)value;
        }
    }

    /// <summary>The numbers at consecutive places, several at once.</summary>
    /// <param name="first">The first place.</param>
    /// <param name="numbers">Receives the numbers.</param>
    public void Fill(int first, Span<int> numbers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)first + (uint)numbers.Length, _count, nameof(first));
        for (var i = 0; i < numbers.Length; i += Stretch)
        {
            Walk((uint)(first + i), numbers.Slice(i, Math.Min(Stretch, numbers.Length - i)));
        }
    }

    /// <summary>Fills <paramref name="order"/> with a uniformly drawn order of 0 … n − 1 (Fisher, Yates).</summary>
    /// <param name="stream">Where the numbers come from.</param>
    /// <param name="firstBlock">First block of the stream that is used; n / 2 of them are.</param>
    /// <param name="order">Receives the order.</param>
    public static void Shuffle(CounterStream stream, uint firstBlock, Span<int> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            var j = stream.Integer(checked((2 * firstBlock) + (uint)i), i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }

    // Values outside the range are gathered and permuted again together, until none is left.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(uint first, Span<int> numbers)
    {
        Span<uint> values = stackalloc uint[Stretch];
        Span<int> places = stackalloc int[Stretch];
        ref var value0 = ref MemoryMarshal.GetReference(values);
        ref var place0 = ref MemoryMarshal.GetReference(places);
        ref var number0 = ref MemoryMarshal.GetReference(numbers);
        for (var i = 0; i < numbers.Length; i += Vector256<int>.Count)
        {
            var place = Vector256<int>.Indices + Vector256.Create(i);
            place.StoreUnsafe(ref place0, (nuint)i);
            (place.AsUInt32() + Vector256.Create(first)).StoreUnsafe(ref value0, (nuint)i);
        }

        for (int left = numbers.Length, outside; left > 0; left = outside)
        {
            for (var i = 0; i < left; i += Group)
            {
                Networks(ref Unsafe.Add(ref value0, i));
            }

            outside = 0;
            for (var i = 0; i < left; i++)
            {
                var value = Unsafe.Add(ref value0, i);
                var place = Unsafe.Add(ref place0, i);
                Unsafe.Add(ref number0, place) = (int)value;
                Unsafe.Add(ref value0, outside) = value;
                Unsafe.Add(ref place0, outside) = place;
                outside += value >= _count ? 1 : 0;
            }
        }
    }

    private uint Network(uint value)
    {
        var shift = 32 - _halfBits;
        var left = value >> _halfBits;
        var right = value & (uint.MaxValue >> shift);
        left ^= Mix(right, _early.K0) >> shift;
        right ^= Mix(left, _early.K1) >> shift;
        left ^= Mix(right, _early.K2) >> shift;
        right ^= Mix(left, _early.K3) >> shift;
        left ^= Mix(right, _late.K0) >> shift;
        right ^= Mix(left, _late.K1) >> shift;
        left ^= Mix(right, _late.K2) >> shift;
        right ^= Mix(left, _late.K3) >> shift;
        return (left << _halfBits) | right;
    }

    // The same for a group of values, in place; a test compares them. A round waits for the one before: four vectors are under
    // way at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Networks(ref uint values)
    {
        var width = (nuint)Vector256<uint>.Count;
        var low = Vector256.Create(uint.MaxValue >> (32 - _halfBits));
        Vector256<uint> v0 = Vector256.LoadUnsafe(ref values), v1 = Vector256.LoadUnsafe(ref values, width);
        Vector256<uint> v2 = Vector256.LoadUnsafe(ref values, 2 * width), v3 = Vector256.LoadUnsafe(ref values, 3 * width);
        Vector256<uint> l0 = v0 >>> _halfBits, l1 = v1 >>> _halfBits, l2 = v2 >>> _halfBits, l3 = v3 >>> _halfBits;
        Vector256<uint> r0 = v0 & low, r1 = v1 & low, r2 = v2 & low, r3 = v3 & low;
        Round(_early.K0, r0, r1, r2, r3, ref l0, ref l1, ref l2, ref l3);
        Round(_early.K1, l0, l1, l2, l3, ref r0, ref r1, ref r2, ref r3);
        Round(_early.K2, r0, r1, r2, r3, ref l0, ref l1, ref l2, ref l3);
        Round(_early.K3, l0, l1, l2, l3, ref r0, ref r1, ref r2, ref r3);
        Round(_late.K0, r0, r1, r2, r3, ref l0, ref l1, ref l2, ref l3);
        Round(_late.K1, l0, l1, l2, l3, ref r0, ref r1, ref r2, ref r3);
        Round(_late.K2, r0, r1, r2, r3, ref l0, ref l1, ref l2, ref l3);
        Round(_late.K3, l0, l1, l2, l3, ref r0, ref r1, ref r2, ref r3);
        ((l0 << _halfBits) | r0).StoreUnsafe(ref values);
        ((l1 << _halfBits) | r1).StoreUnsafe(ref values, width);
        ((l2 << _halfBits) | r2).StoreUnsafe(ref values, 2 * width);
        ((l3 << _halfBits) | r3).StoreUnsafe(ref values, 3 * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Round(
        uint key, Vector256<uint> x0, Vector256<uint> x1, Vector256<uint> x2, Vector256<uint> x3,
        ref Vector256<uint> y0, ref Vector256<uint> y1, ref Vector256<uint> y2, ref Vector256<uint> y3)
    {
        var shift = 32 - _halfBits;
        var keys = Vector256.Create(key);
        x0 = (x0 + keys) * Multiplier0;
        x1 = (x1 + keys) * Multiplier0;
        x2 = (x2 + keys) * Multiplier0;
        x3 = (x3 + keys) * Multiplier0;
        y0 ^= ((x0 ^ (x0 >>> 15)) * Multiplier1) >>> shift;
        y1 ^= ((x1 ^ (x1 >>> 15)) * Multiplier1) >>> shift;
        y2 ^= ((x2 ^ (x2 >>> 15)) * Multiplier1) >>> shift;
        y3 ^= ((x3 ^ (x3 >>> 15)) * Multiplier1) >>> shift;
    }

    // Two odd multipliers around a shift: every bit of number and key reaches the high bits.
    private static uint Mix(uint value, uint key)
    {
        var x = (value + key) * Multiplier0;
        return (x ^ (x >> 15)) * Multiplier1;
    }
}
