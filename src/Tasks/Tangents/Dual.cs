using System.Numerics;

namespace Involute.Tasks.Tangents;

/// <summary>
/// A number and its derivative by one element of theta: a + b δ with δ² = 0 (forward-mode differentiation).
/// </summary>
/// <remarks>
/// Wengert, "A simple automatic derivative evaluation program", 1964. The value has the bits that a
/// <see cref="Real{T}"/> has.
/// </remarks>
/// <param name="Value">The number.</param>
/// <param name="Tangent">Its derivative.</param>
public readonly record struct Dual<T>(T Value, T Tangent) : IStepNumber<Dual<T>, T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static bool HasTangent => true;

    /// <inheritdoc/>
    public static Dual<T> Constant(T value) => new(value, T.Zero);

    /// <inheritdoc/>
    public static Dual<T> Chain(Dual<T> x, T value, T slope) => new(value, slope * x.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator +(Dual<T> left, Dual<T> right) =>
        new(left.Value + right.Value, left.Tangent + right.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> left, Dual<T> right) =>
        new(left.Value - right.Value, left.Tangent - right.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator *(Dual<T> left, Dual<T> right) =>
        new(left.Value * right.Value, (left.Tangent * right.Value) + (left.Value * right.Tangent));

    /// <inheritdoc/>
    public static Dual<T> operator /(Dual<T> left, Dual<T> right)
    {
        var quotient = left.Value / right.Value;
        return new(quotient, (left.Tangent - (quotient * right.Tangent)) / right.Value);
    }

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> value) => new(-value.Value, -value.Tangent);
}
