using System.Runtime.CompilerServices;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>What <see cref="AdafacTile"/> does with one feature, or one unit, of two registers of elements.</summary>
internal static unsafe class AdafacTerms
{
    /// <summary>The lesser of some numbers and the sums' magnitudes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister Least<TVector, TRegister>(
        TRegister least, TRegister c00, TRegister c01, TRegister c10, TRegister c11, TRegister c20, TRegister c21, TRegister c30, TRegister c31)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        least = TVector.LesserMagnitude(TVector.LesserMagnitude(least, c00), c01);
        least = TVector.LesserMagnitude(TVector.LesserMagnitude(least, c10), c11);
        least = TVector.LesserMagnitude(TVector.LesserMagnitude(least, c20), c21);
        return TVector.LesserMagnitude(TVector.LesserMagnitude(least, c30), c31);
    }

    /// <summary>One unit of two registers of elements, for both outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TVector, TRegister>(
        TRegister b0,
        TRegister b1,
        float* w,
        ref TRegister direction0,
        ref TRegister direction1,
        ref TRegister magnitude0,
        ref TRegister magnitude1)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        Unit<TVector, TRegister>(w[0], b0, b1, ref direction0, ref direction1);
        Unit<TVector, TRegister>(w[1], b0, b1, ref magnitude0, ref magnitude1);
    }

    /// <summary>One feature of two registers of elements, for all units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Term<TVector, TRegister>(
        TRegister b0,
        TRegister b1,
        float* w,
        ref TRegister c00,
        ref TRegister c01,
        ref TRegister c10,
        ref TRegister c11,
        ref TRegister c20,
        ref TRegister c21,
        ref TRegister c30,
        ref TRegister c31)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        Unit<TVector, TRegister>(w[0], b0, b1, ref c00, ref c01);
        Unit<TVector, TRegister>(w[1], b0, b1, ref c10, ref c11);
        Unit<TVector, TRegister>(w[2], b0, b1, ref c20, ref c21);
        Unit<TVector, TRegister>(w[3], b0, b1, ref c30, ref c31);
    }

    /// <summary>The sums of one unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unit<TVector, TRegister>(
        float weight, TRegister b0, TRegister b1, ref TRegister sums0, ref TRegister sums1)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var x = TVector.Broadcast(weight);
        sums0 = TVector.FusedMultiplyAdd(x, b0, sums0);
        sums1 = TVector.FusedMultiplyAdd(x, b1, sums1);
    }

    /// <summary>Numbers by their factors, scaled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister Factored<TVector, TRegister, TFactors>(
        float* ofLine, float* ofPlace, nint line, nint place, float* values, TRegister scale)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TFactors : struct, IFactors
    {
        var factors = TFactors.At<TVector, TRegister>(ofLine, ofPlace, line, place);
        return TVector.Multiply(TVector.Multiply(factors, TVector.Load(values)), scale);
    }
}
