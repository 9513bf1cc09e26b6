using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Vector = System.Runtime.Intrinsics.Vector256<double>;

namespace Involute.Tasks.Randomness;

/// <summary>
/// <see cref="StandardNormal"/>, <see cref="TruncatedNormal"/> and <see cref="CounterStream.Uniform"/> on four numbers at once, with their bits.
/// </summary>
internal static unsafe class PackedNormal
{
    // The bits of 2⁵², to which an integer of 52 bits adds ones.
    private const ulong CountBits = 0x4330000000000000;
    private const double Count = 1UL << 52;

    /// <summary>Most numbers at a time.</summary>
    public const int Most = 256;

    /// <summary>Uniform numbers of 64 random bits each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Uniform(Vector256<ulong> bits) =>
        (((bits >> 12) | Vector256.Create(CountBits)).AsDouble() - Vector256.Create(Count) + Vector256.Create(0.5))
            * Vector256.Create(1 / Count);

    /// <summary>Quantiles of four probabilities strictly inside (0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector Quantile(Vector probability)
    {
        var centre = Centre(probability, out var isCentre);
        return Vector256.EqualsAll(isCentre.AsInt64(), Vector256<long>.AllBitsSet)
            ? centre
            : Vector256.ConditionalSelect(isCentre, centre, Shoulders(probability));
    }

    /// <summary>Those of many, in place.</summary>
    /// <remarks>Three in twenty lie on the shoulders, spread over half of the vectors: they are gathered into vectors of their own.</remarks>
    /// <param name="numbers">Probabilities, which their quantiles replace.</param>
    /// <param name="count">A multiple of four, at most <see cref="Most"/>.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantiles(double* numbers, int count)
    {
        var beyond = stackalloc double[Most + Vector.Count];
        var places = stackalloc int[Most + Vector.Count];
        var outside = 0;
        for (var i = 0; i < count; i += Vector.Count)
        {
            var probability = Vector256.Load(numbers + i);
            Centre(probability, out var isCentre).Store(numbers + i);
            for (var (lane, bits) = (0, (int)~isCentre.ExtractMostSignificantBits()); lane < Vector.Count; lane++, bits >>= 1)
            {
                beyond[outside] = probability[lane];
                places[outside] = i + lane;
                outside += bits & 1;
            }
        }

        // An example of a shoulder fills the last vector.
        Vector256.Create(StandardNormal.ShoulderExample).Store(beyond + outside);
        for (var i = 0; i < outside; i += Vector.Count)
        {
            Shoulders(Vector256.Load(beyond + i)).Store(beyond + i);
        }

        for (var i = 0; i < outside; i++)
        {
            numbers[places[i]] = beyond[i];
        }
    }

    /// <summary>Those of <see cref="TruncatedNormal"/>, in place.</summary>
    /// <param name="numbers">Probabilities, which their quantiles replace.</param>
    /// <param name="count">A multiple of four, at most <see cref="Most"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TruncatedQuantiles(double* numbers, int count)
    {
        for (var i = 0; i < count; i += Vector.Count)
        {
            (Vector256.Create(TruncatedNormal.BelowLimit)
                + (Vector256.Load(numbers + i) * Vector256.Create(1 - (2 * TruncatedNormal.BelowLimit)))).Store(numbers + i);
        }

        Quantiles(numbers, count);
        for (var i = 0; i < count; i += Vector.Count)
        {
            Vector256.Clamp(
                Vector256.Load(numbers + i), Vector256.Create(-TruncatedNormal.Limit), Vector256.Create(TruncatedNormal.Limit))
                .Store(numbers + i);
        }
    }

    // Right where isCentre says so.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector Centre(Vector probability, out Vector isCentre)
    {
        var centred = probability - Vector256.Create(0.5);
        var r = Vector256.FusedMultiplyAdd(-centred, centred, Vector256.Create(StandardNormal.CentreSquare));
        isCentre = Vector256.LessThanOrEqual(Vector256.Abs(centred), Vector256.Create(StandardNormal.CentreWidth));
        return centred * (PortableVectors.Polynomial(StandardNormal.CentreNumerator, r)
            / PortableVectors.Polynomial(StandardNormal.CentreDenominator, r));
    }

    // Right beside the centre.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector Shoulders(Vector probability)
    {
        var isLow = Vector256.LessThan(probability, Vector256.Create(0.5));
        var beyond = Vector256.ConditionalSelect(isLow, probability, Vector.One - probability);
        var tail = Vector256.Sqrt(-PortableVectors.Log(beyond));
        if (!Vector256.LessThanOrEqualAll(tail, Vector256.Create(StandardNormal.ShoulderEnd)))
        {
            return PortableVectors.OneByOne(probability, &StandardNormal.Quantile);
        }

        var at = tail - Vector256.Create(StandardNormal.ShoulderStart);
        var magnitude = PortableVectors.Polynomial(StandardNormal.ShoulderNumerator, at)
            / PortableVectors.Polynomial(StandardNormal.ShoulderDenominator, at);
        return Vector256.ConditionalSelect(isLow, -magnitude, magnitude);
    }
}
