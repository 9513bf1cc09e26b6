using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Numbers;

/// <summary>The same number of several lanes, one vector: eight floats, or four doubles.</summary>
/// <param name="Values">One for each lane.</param>
internal readonly record struct Packed<T>(Vector256<T> Values) : ILaneNumber<Packed<T>, T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Lanes of a number.</summary>
    public static int Lanes => Vector256<T>.Count;

    /// <inheritdoc/>
    public static Packed<T> Constant(T value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    public static Packed<T> OfLanes(ReadOnlySpan<T> values) =>
        values.Length == 1 ? Constant(values[0]) : new(Vector256.Create(values));

    /// <inheritdoc/>
    public static Packed<T> Exp(Packed<T> x) => new(typeof(T) == typeof(float)
        ? PortableVectors.Exp(x.Values.AsSingle()).As<float, T>()
        : PortableVectors.Exp(x.Values.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    public static Packed<T> Log(Packed<T> x) => new(typeof(T) == typeof(float)
        ? PortableVectors.Log(x.Values.AsSingle()).As<float, T>()
        : PortableVectors.Log(x.Values.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    public static Packed<T> Sqrt(Packed<T> x) => new(Vector256.Sqrt(x.Values));

    /// <inheritdoc/>
    public static Packed<T> Abs(Packed<T> x) => new(Vector256.Abs(x.Values));

    /// <inheritdoc/>
    public static Packed<T> Sin(Packed<T> x) => new(typeof(T) == typeof(float)
        ? PortableVectors.Sin(x.Values.AsSingle()).As<float, T>()
        : PortableVectors.Sin(x.Values.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    public static Packed<T> Cos(Packed<T> x) => new(typeof(T) == typeof(float)
        ? PortableVectors.Cos(x.Values.AsSingle()).As<float, T>()
        : PortableVectors.Cos(x.Values.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    public static Packed<T> Tanh(Packed<T> x) => new(typeof(T) == typeof(float)
        ? PortableVectors.Tanh(x.Values.AsSingle()).As<float, T>()
        : PortableVectors.Tanh(x.Values.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed<T> IfLess(Packed<T> left, Packed<T> right, Packed<T> then, Packed<T> otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(left.Values, right.Values), then.Values, otherwise.Values));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed<T> operator +(Packed<T> left, Packed<T> right) => new(left.Values + right.Values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed<T> operator -(Packed<T> left, Packed<T> right) => new(left.Values - right.Values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed<T> operator *(Packed<T> left, Packed<T> right) => new(left.Values * right.Values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed<T> operator /(Packed<T> left, Packed<T> right) => new(left.Values / right.Values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Packed<T> operator -(Packed<T> value) => new(-value.Values);

    /// <summary>Writes the lanes' numbers.</summary>
    public void CopyTo(Span<double> lanes)
    {
        if (typeof(T) == typeof(float))
        {
            var (low, high) = Vector256.Widen(Values.AsSingle());
            low.CopyTo(lanes);
            high.CopyTo(lanes[Vector256<double>.Count..]);
        }
        else
        {
            Values.AsDouble().CopyTo(lanes);
        }
    }
}
