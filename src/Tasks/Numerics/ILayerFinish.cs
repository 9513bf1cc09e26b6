using System.Runtime.CompilerServices;

namespace Involute.Tasks.Numerics;

/// <summary>What happens to a layer's sums just before they are stored; a type, so that it costs no branch.</summary>
internal unsafe interface ILayerFinish
{
    /// <summary>Maps a register of sums.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="gate">The product's gate, in the place of the sums.</param>
    static abstract TRegister Apply<TVector, TRegister>(TRegister sums, float* gate)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct;
}

/// <summary>Stores the sums as they are.</summary>
internal readonly unsafe struct Linear : ILayerFinish
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister Apply<TVector, TRegister>(TRegister sums, float* gate)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => sums;
}

/// <summary>ReLU.</summary>
internal readonly unsafe struct Relu : ILayerFinish
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister Apply<TVector, TRegister>(TRegister sums, float* gate)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.Rectify(sums);
}

/// <summary>The gradient of <see cref="Relu"/>: the sum where the gate, its result, is positive.</summary>
internal readonly unsafe struct ReluGradient : ILayerFinish
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRegister Apply<TVector, TRegister>(TRegister sums, float* gate)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.Gate(sums, TVector.Load(gate));
}
