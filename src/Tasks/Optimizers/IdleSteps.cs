using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Optimizers;

/// <summary>Leaves out steps that are too small to change a parameter.</summary>
/// <remarks>
/// Where a gradient stays 0, momentum ends among subnormal numbers (<see cref="Numerics.Subnormals"/>), and what is computed
/// from it is slow and of no effect.
/// </remarks>
internal static class IdleSteps
{
    // 2⁻¹⁰⁰: hardly any parameter is small enough for a step along it.
    private const float Direction = 7.8886091e-31f;

    // A step of less than 2⁻²⁶ of a parameter leaves it as it is.
    private const float Share = 67108864;

    /// <summary>The magnitude above which a parameter is left as it is by steps along directions below 2⁻¹⁰⁰.</summary>
    /// <param name="step">What directions are multiplied by; the product may be rounded. NaN or infinite: there is none.</param>
    public static float Unmoved(float step) => (MathF.Abs(step) + 1) * (Direction * Share);

    /// <summary>The directions that may change a parameter, and 0 in the place of others.</summary>
    /// <param name="directions">Any numbers.</param>
    /// <param name="parameters">Those that they would be subtracted from.</param>
    /// <param name="unmoved">From <see cref="Unmoved"/>; infinite if no direction may be left out.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Effective(
        Vector256<float> directions, Vector256<float> parameters, Vector256<float> unmoved) =>
        Vector256.AndNot(directions, Of(directions, parameters, unmoved));

    /// <inheritdoc cref="Effective(Vector256{float}, Vector256{float}, Vector256{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Effective(
        Vector512<float> directions, Vector512<float> parameters, Vector512<float> unmoved) =>
        Vector512.AndNot(
            directions,
            Vector512.LessThan(Vector512.Abs(directions), Vector512.Create(Direction))
                & Vector512.GreaterThan(Vector512.Abs(parameters), unmoved));

    /// <summary>All ones in the lanes of directions that may be left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> directions, Vector256<float> parameters, Vector256<float> unmoved) =>
        Vector256.LessThan(Vector256.Abs(directions), Vector256.Create(Direction))
            & Vector256.GreaterThan(Vector256.Abs(parameters), unmoved);
}
