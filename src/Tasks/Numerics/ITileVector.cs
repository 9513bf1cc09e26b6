using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>
/// A register of floats: what the tiles of <see cref="LayerProduct"/> do with one, so that they are written once for
/// every width.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal unsafe interface ITileVector<TSelf>
    where TSelf : struct, ITileVector<TSelf>
{
    /// <summary>Floats in a register.</summary>
    static abstract int Count { get; }

    /// <summary>All zero.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Reads floats from memory.</summary>
    static abstract TSelf Load(float* from);

    /// <summary>One float everywhere.</summary>
    static abstract TSelf Broadcast(float value);

    /// <summary>left · right + addend, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>max(x, 0), where NaN stays NaN and −0 becomes 0.</summary>
    static abstract TSelf Rectify(TSelf values);

    /// <summary>Keeps values where the gate is positive, else 0.</summary>
    static abstract TSelf Gate(TSelf values, TSelf gate);

    /// <summary>Writes the floats to memory.</summary>
    void Store(float* to);
}

/// <summary>Eight floats.</summary>
/// <param name="Values">They.</param>
internal readonly unsafe record struct Floats8(Vector256<float> Values) : ITileVector<Floats8>
{
    /// <inheritdoc/>
    public static int Count => Vector256<float>.Count;

    /// <inheritdoc/>
    public static Floats8 Zero => new(Vector256<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Load(float* from) => new(Vector256.Load(from));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Broadcast(float value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 FusedMultiplyAdd(Floats8 left, Floats8 right, Floats8 addend) =>
        new(Vector256.FusedMultiplyAdd(left.Values, right.Values, addend.Values));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Rectify(Floats8 values) =>
        new(Vector256.AndNot(values.Values, Vector256.LessThanOrEqual(values.Values, Vector256<float>.Zero)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Gate(Floats8 values, Floats8 gate) =>
        new(values.Values & Vector256.GreaterThan(gate.Values, Vector256<float>.Zero));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => Values.Store(to);
}

/// <summary>Sixteen floats; fast only where <see cref="Vector512.IsHardwareAccelerated"/>, and right everywhere.</summary>
/// <param name="Values">They.</param>
internal readonly unsafe record struct Floats16(Vector512<float> Values) : ITileVector<Floats16>
{
    /// <inheritdoc/>
    public static int Count => Vector512<float>.Count;

    /// <inheritdoc/>
    public static Floats16 Zero => new(Vector512<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Load(float* from) => new(Vector512.Load(from));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Broadcast(float value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 FusedMultiplyAdd(Floats16 left, Floats16 right, Floats16 addend) =>
        new(Vector512.FusedMultiplyAdd(left.Values, right.Values, addend.Values));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Rectify(Floats16 values) =>
        new(Vector512.AndNot(values.Values, Vector512.LessThanOrEqual(values.Values, Vector512<float>.Zero)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Gate(Floats16 values, Floats16 gate) =>
        new(values.Values & Vector512.GreaterThan(gate.Values, Vector512<float>.Zero));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => Values.Store(to);
}
