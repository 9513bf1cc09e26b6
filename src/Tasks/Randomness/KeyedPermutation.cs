using System.Runtime.CompilerServices;
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

    // Numbers that are looked up at a time; whole vectors.
    private const int Stretch = 128;

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
    private void Walk(uint first, Span<int> numbers)
    {
        Span<uint> values = stackalloc uint[Stretch];
        Span<int> places = stackalloc int[Stretch];
        for (var i = 0; i < numbers.Length; i++)
        {
            (values[i], places[i]) = (first + (uint)i, i);
        }

        var left = numbers.Length;
        while (left > 0)
        {
            for (var i = 0; i < left; i += Vector256<uint>.Count)
            {
                Network(Vector256.Create<uint>(values[i..])).CopyTo(values[i..]);
            }

            var outside = 0;
            for (var i = 0; i < left; i++)
            {
                var (value, place) = (values[i], places[i]);
                numbers[place] = (int)value;
                (values[outside], places[outside]) = (value, place);
                outside += value >= _count ? 1 : 0;
            }

            left = outside;
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

    // The same for eight values; a test compares them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<uint> Network(Vector256<uint> value)
    {
        var shift = 32 - _halfBits;
        var left = value >>> _halfBits;
        var right = value & Vector256.Create(uint.MaxValue >> shift);
        left ^= Mix(right, _early.K0) >>> shift;
        right ^= Mix(left, _early.K1) >>> shift;
        left ^= Mix(right, _early.K2) >>> shift;
        right ^= Mix(left, _early.K3) >>> shift;
        left ^= Mix(right, _late.K0) >>> shift;
        right ^= Mix(left, _late.K1) >>> shift;
        left ^= Mix(right, _late.K2) >>> shift;
        right ^= Mix(left, _late.K3) >>> shift;
        return (left << _halfBits) | right;
    }

    // Two odd multipliers (those of Philox) around a shift: every bit of number and key reaches the high bits.
    private static uint Mix(uint value, uint key)
    {
        var x = (value + key) * 0xD2511F53;
        return (x ^ (x >> 15)) * 0xCD9E8D57;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Mix(Vector256<uint> value, uint key)
    {
        var x = (value + Vector256.Create(key)) * 0xD2511F53;
        return (x ^ (x >>> 15)) * 0xCD9E8D57;
    }
}
