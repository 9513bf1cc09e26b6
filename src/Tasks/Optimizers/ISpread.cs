using System.Runtime.CompilerServices;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>How a table of a matrix's rows or columns reaches a register of its elements; a type, so that it costs no branch.</summary>
internal unsafe interface ISpread
{
    /// <summary>The numbers of the elements from one on, in one line.</summary>
    /// <param name="table">One number for each line, or for each place in a line.</param>
    /// <param name="line">Of the elements.</param>
    /// <param name="place">Of the first one in its line.</param>
    static abstract TRegister At<TVector, TRegister>(float* table, nint line, nint place)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct;
}

/// <summary>All elements of a line have the same number.</summary>
internal readonly unsafe struct OfLine : ISpread
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister At<TVector, TRegister>(float* table, nint line, nint place)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.Broadcast(table[line]);
}

/// <summary>All lines have the same numbers.</summary>
internal readonly unsafe struct OfPlace : ISpread
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister At<TVector, TRegister>(float* table, nint line, nint place)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.Load(table + place);
}
