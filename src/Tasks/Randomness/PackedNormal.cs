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

    /// <summary>Uniform numbers of 64 random bits each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Uniform(Vector256<ulong> bits) =>
        (((bits >> 12) | Vector256.Create(CountBits)).AsDouble() - Vector256.Create(Count) + Vector256.Create(0.5))
            * Vector256.Create(1 / Count);

    /// <summary>Quantiles of probabilities strictly inside (0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector Quantile(Vector probability)
    {
        var centred = probability - Vector256.Create(0.5);
        var r = Vector256.FusedMultiplyAdd(-centred, centred, Vector256.Create(StandardNormal.CentreSquare));
        var centre = centred * (PortableVectors.Polynomial(StandardNormal.CentreNumerator, r)
            / PortableVectors.Polynomial(StandardNormal.CentreDenominator, r));
        var isCentre = Vector256.LessThanOrEqual(Vector256.Abs(centred), Vector256.Create(StandardNormal.CentreWidth));
        return Vector256.EqualsAll(isCentre.AsInt64(), Vector256<long>.AllBitsSet)
            ? centre
            : WithShoulders(probability, centred, centre, isCentre);
    }

    /// <summary>Those of <see cref="TruncatedNormal"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector TruncatedQuantile(Vector probability) => Vector256.Clamp(
        Quantile(Vector256.Create(TruncatedNormal.BelowLimit)
            + (probability * Vector256.Create(1 - (2 * TruncatedNormal.BelowLimit)))),
        Vector256.Create(-TruncatedNormal.Limit),
        Vector256.Create(TruncatedNormal.Limit));

    private static Vector WithShoulders(Vector probability, Vector centred, Vector centre, Vector isCentre)
    {
        var isLow = Vector256.LessThan(centred, Vector.Zero);
        var beyond = Vector256.ConditionalSelect(isLow, probability, Vector.One - probability);
        var tail = Vector256.Sqrt(-PortableVectors.Log(beyond));
        if (!Vector256.LessThanOrEqualAll(tail, Vector256.Create(StandardNormal.ShoulderEnd)))
        {
            return PortableVectors.OneByOne(probability, &StandardNormal.Quantile);
        }

        var at = tail - Vector256.Create(StandardNormal.ShoulderStart);
        var magnitude = PortableVectors.Polynomial(StandardNormal.ShoulderNumerator, at)
            / PortableVectors.Polynomial(StandardNormal.ShoulderDenominator, at);
        return Vector256.ConditionalSelect(
            isCentre, centre, Vector256.ConditionalSelect(isLow, -magnitude, magnitude));
    }
}
