using System.Numerics;

namespace Involute.Tasks.Tangents;

/// <summary>A plain number: the same bits and the same memory as a <typeparamref name="T"/>.</summary>
/// <param name="Value">The number.</param>
public readonly record struct Real<T>(T Value) : IStepNumber<Real<T>, T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static bool HasTangent => false;

    /// <inheritdoc/>
    public static Real<T> Constant(T value) => new(value);

    /// <inheritdoc/>
    public static Real<T> Chain(Real<T> x, T value, T slope) => new(value);

    /// <inheritdoc/>
    public static Real<T> operator +(Real<T> left, Real<T> right) => new(left.Value + right.Value);

    /// <inheritdoc/>
    public static Real<T> operator -(Real<T> left, Real<T> right) => new(left.Value - right.Value);

    /// <inheritdoc/>
    public static Real<T> operator *(Real<T> left, Real<T> right) => new(left.Value * right.Value);

    /// <inheritdoc/>
    public static Real<T> operator /(Real<T> left, Real<T> right) => new(left.Value / right.Value);

    /// <inheritdoc/>
    public static Real<T> operator -(Real<T> value) => new(-value.Value);
}
