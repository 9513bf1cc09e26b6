using System.Runtime.CompilerServices;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>How what gradients and momenta are multiplied by reaches a register of elements; a type, so that it costs no branch.</summary>
internal unsafe interface IFactors
{
    /// <summary>The factors of the elements from one on.</summary>
    /// <param name="ofLine">One number for each line.</param>
    /// <param name="ofPlace">One number for each place.</param>
    /// <param name="line">Of the elements.</param>
    /// <param name="place">Of the first one.</param>
    static abstract TRegister At<TVector, TRegister>(float* ofLine, float* ofPlace, nint line, nint place)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct;
}

/// <summary>The elements stand in one line: its factor by those of the places in it.</summary>
internal readonly unsafe struct OfBoth : IFactors
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister At<TVector, TRegister>(float* ofLine, float* ofPlace, nint line, nint place)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.Multiply(TVector.Broadcast(ofLine[line]), TVector.Load(ofPlace + place));
}

/// <summary>The products are written down, one for each element (<see cref="WrittenTables"/>).</summary>
internal readonly unsafe struct Written : IFactors
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister At<TVector, TRegister>(float* ofLine, float* ofPlace, nint line, nint place)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.Load(ofPlace + place);
}
