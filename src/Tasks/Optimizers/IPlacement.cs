using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Optimizers;

/// <summary>How a number of a row or a column reaches the elements of a run; a type, so that it costs no branch.</summary>
internal unsafe interface IPlacement
{
    /// <summary>The numbers of eight elements from element <paramref name="i"/> of the run on.</summary>
    /// <param name="first">Number of the run's first element.</param>
    /// <param name="standing">The same eight times: in a register, where stores cannot change it.</param>
    /// <param name="i">Element.</param>
    static abstract Vector256<float> At(float* first, Vector256<float> standing, nint i);
}

/// <summary>Each element has the number behind that of the element before.</summary>
internal readonly unsafe struct Moving : IPlacement
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> At(float* first, Vector256<float> standing, nint i) =>
        Vector256.Load(first + i);
}

/// <summary>All elements have the same number.</summary>
internal readonly unsafe struct Standing : IPlacement
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> At(float* first, Vector256<float> standing, nint i) => standing;
}
