using System.Numerics;
using System.Runtime.Intrinsics;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Numbers;

/// <summary>The step keys of neighbouring pairs, whose lanes step side by side.</summary>
/// <param name="arms">Lanes of a pair; those of pair k are <c>k · arms</c> and the following.</param>
internal sealed class PackedKeys<T>(int arms)
    where T : struct, IFloatingPointIeee754<T>
{
    // As many as there are lanes at most; the four words of a counter but for its block, and the key's two.
    private const int Most = 8;
    private const ulong Nothing = ulong.MaxValue;

    private readonly ulong[] _step = new ulong[Most];
    private readonly ulong[] _trajectory = new ulong[Most];
    private readonly ulong[] _pair = new ulong[Most];
    private readonly ulong[] _key0 = new ulong[Most];
    private readonly ulong[] _key1 = new ulong[Most];

    // The two numbers of 64 bits of the block that was drawn last: steps often ask for both.
    private readonly ulong[] _first = new ulong[Most];
    private readonly ulong[] _second = new ulong[Most];
    private readonly double[] _numbers = new double[Most];
    private readonly T[] _lanes = new T[Vector256<T>.Count];
    private readonly int _pairs = Vector256<T>.Count / arms;

    // Which pair each lane belongs to: integers as wide as T.
    private readonly Vector256<byte> _pairOf = PairOf(arms);
    private ulong _drawn = Nothing;

    /// <summary>The key of one of the pairs.</summary>
    public StepKey this[int pair]
    {
        get => new(
            new TrajectoryKey((long)(_key0[pair] | (_key1[pair] << 32)), (int)(_pair[pair] >> 8), (uint)_trajectory[pair]),
            (uint)_step[pair]);

        set
        {
            _drawn = Nothing;
            (_step[pair], _trajectory[pair]) = (value.InnerStep, value.Trajectory.Trajectory);
            _pair[pair] = (ulong)value.Trajectory.Pair << 8;
            (_key0[pair], _key1[pair]) = ((uint)value.Trajectory.Seed, (ulong)value.Trajectory.Seed >> 32);
        }
    }

    /// <summary>All pairs go on to their next step.</summary>
    public void Next()
    {
        _drawn = Nothing;
        for (var pair = 0; pair < _pairs; pair += Vector256<ulong>.Count)
        {
            (Vector256.LoadUnsafe(ref _step[pair]) + Vector256<ulong>.One).StoreUnsafe(ref _step[pair]);
        }
    }

    /// <summary>See <see cref="LaneKeys{TNumber, T}.Normal"/>; valid until the next call.</summary>
    public ReadOnlySpan<T> Normal(RandomStream stream, uint index)
    {
        var bits = Bits(stream, index);
        for (var pair = 0; pair < _pairs; pair += Vector256<ulong>.Count)
        {
            PackedNormal.Quantile(PackedNormal.Uniform(Vector256.LoadUnsafe(ref bits[pair]))).StoreUnsafe(ref _numbers[pair]);
        }

        return OfNumbers();
    }

    /// <summary>See <see cref="LaneKeys{TNumber, T}.Uniform"/>.</summary>
    public ReadOnlySpan<T> Uniform(RandomStream stream, uint index)
    {
        var bits = Bits(stream, index);
        for (var pair = 0; pair < _pairs; pair += Vector256<ulong>.Count)
        {
            PackedNormal.Uniform(Vector256.LoadUnsafe(ref bits[pair])).StoreUnsafe(ref _numbers[pair]);
        }

        return OfNumbers();
    }

    /// <summary>See <see cref="LaneKeys{TNumber, T}.Of"/>.</summary>
    public ReadOnlySpan<T> Of(Func<StepKey, T> value)
    {
        for (var pair = 0; pair < _pairs; pair++)
        {
            _lanes.AsSpan(pair * arms, arms).Fill(value(this[pair]));
        }

        return _lanes;
    }

    private ReadOnlySpan<T> OfNumbers()
    {
        var (first, second) = (Vector256.LoadUnsafe(ref _numbers[0]), Vector256.LoadUnsafe(ref _numbers[Most / 2]));
        if (typeof(T) == typeof(float))
        {
            Vector256.Shuffle(Vector256.Narrow(first, second), _pairOf.AsInt32()).As<float, T>().StoreUnsafe(ref _lanes[0]);
        }
        else
        {
            Vector256.Shuffle(first, _pairOf.AsInt64()).As<double, T>().StoreUnsafe(ref _lanes[0]);
        }

        return _lanes;
    }

    // Lanes that belong to no pair have the numbers of the first.
    private static Vector256<byte> PairOf(int arms)
    {
        Span<long> pairs = stackalloc long[Vector256<T>.Count];
        for (var lane = 0; lane < pairs.Length / arms * arms; lane++)
        {
            pairs[lane] = lane / arms;
        }

        return pairs.Length == Vector256<long>.Count
            ? Vector256.Create<long>(pairs).AsByte()
            : Vector256.Narrow(
                Vector256.Create<long>(pairs), Vector256.Create<long>(pairs[Vector256<long>.Count..])).AsByte();
    }

    private ulong[] Bits(RandomStream stream, uint index)
    {
        var block = ((ulong)stream << 32) | (index >> 1);
        if (_drawn != block)
        {
            Draw(stream, index >> 1);
            _drawn = block;
        }

        return (index & 1) == 0 ? _first : _second;
    }

    private void Draw(RandomStream stream, uint block)
    {
        if (!PackedPhilox.IsSupported)
        {
            for (var pair = 0; pair < _pairs; pair++)
            {
                var numbers = this[pair].Stream(stream);
                (_first[pair], _second[pair]) = (numbers.Bits(block << 1), numbers.Bits((block << 1) | 1));
            }

            return;
        }

        for (var pair = 0; pair < _pairs; pair += Vector256<ulong>.Count)
        {
            var (first, second) = PackedPhilox.Block(
                Vector256.Create((ulong)block),
                Vector256.LoadUnsafe(ref _step[pair]),
                Vector256.LoadUnsafe(ref _trajectory[pair]),
                Vector256.LoadUnsafe(ref _pair[pair]) | Vector256.Create((ulong)stream),
                Vector256.LoadUnsafe(ref _key0[pair]),
                Vector256.LoadUnsafe(ref _key1[pair]));
            first.StoreUnsafe(ref _first[pair]);
            second.StoreUnsafe(ref _second[pair]);
        }
    }
}
