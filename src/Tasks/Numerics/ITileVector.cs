using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>
/// What the tiles of <see cref="LayerProduct"/>, and others, do with a register of floats, so that they are written once for
/// every width.
/// </summary>
/// <remarks>
/// The register is a type parameter of its own and not a field of the implementing type: sums that are wrapped in a
/// structure are copied from register to register by the compiler, seven times for twelve multiplications.
/// </remarks>
/// <typeparam name="TRegister">The register.</typeparam>
internal unsafe interface ITileVector<TRegister>
    where TRegister : struct
{
    /// <summary>Floats in a register.</summary>
    static abstract int Count { get; }

    /// <summary>All zero.</summary>
    static abstract TRegister Zero { get; }

    /// <summary>Reads floats from memory.</summary>
    static abstract TRegister Load(float* from);

    /// <summary>One float everywhere.</summary>
    static abstract TRegister Broadcast(float value);

    /// <summary>left + right.</summary>
    static abstract TRegister Add(TRegister left, TRegister right);

    /// <summary>left − right.</summary>
    static abstract TRegister Subtract(TRegister left, TRegister right);

    /// <summary>left · right.</summary>
    static abstract TRegister Multiply(TRegister left, TRegister right);

    /// <summary>left · right + addend, rounded once.</summary>
    static abstract TRegister FusedMultiplyAdd(TRegister left, TRegister right, TRegister addend);

    /// <summary>max(x, 0), where NaN stays NaN and −0 becomes 0.</summary>
    static abstract TRegister Rectify(TRegister values);

    /// <summary>Keeps values where the gate is positive, else 0.</summary>
    static abstract TRegister Gate(TRegister values, TRegister gate);

    /// <summary>Takes the first numbers where left is greater than right, else the second ones.</summary>
    static abstract TRegister Select(TRegister left, TRegister right, TRegister first, TRegister second);

    /// <summary>The lesser of numbers and others' magnitudes; where these are NaN, the numbers or NaN.</summary>
    static abstract TRegister LesserMagnitude(TRegister least, TRegister values);

    /// <summary>Whether no number is below a bound or NaN.</summary>
    static abstract bool AreAtLeast(TRegister values, float bound);

    /// <summary>The floats whose exponents are what the low bits of some floats and a whole number come to.</summary>
    static abstract TRegister FromExponents(TRegister bits, int addend);

    /// <summary>Writes the floats to memory.</summary>
    static abstract void Store(TRegister values, float* to);
}

/// <summary>Eight floats.</summary>
internal readonly unsafe struct Floats8 : ITileVector<Vector256<float>>
{
    /// <inheritdoc/>
    public static int Count => Vector256<float>.Count;

    /// <inheritdoc/>
    public static Vector256<float> Zero => Vector256<float>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from) => Vector256.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FusedMultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        Vector256.FusedMultiplyAdd(left, right, addend);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Rectify(Vector256<float> values) =>
        Vector256.AndNot(values, Vector256.LessThanOrEqual(values, Vector256<float>.Zero));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gate(Vector256<float> values, Vector256<float> gate) =>
        values & Vector256.GreaterThan(gate, Vector256<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Select(
        Vector256<float> left, Vector256<float> right, Vector256<float> first, Vector256<float> second) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(left, right), first, second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LesserMagnitude(Vector256<float> least, Vector256<float> values) =>
        Vector256.MinNative(Vector256.Abs(values), least);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreAtLeast(Vector256<float> values, float bound) =>
        Vector256.GreaterThanOrEqualAll(values, Vector256.Create(bound));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromExponents(Vector256<float> bits, int addend) =>
        ((bits.AsInt32() + Vector256.Create(addend)) << VectorMath.MantissaBits).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> values, float* to) => values.Store(to);
}

/// <summary>Sixteen floats; fast only where <see cref="Vector512.IsHardwareAccelerated"/>, and right everywhere.</summary>
internal readonly unsafe struct Floats16 : ITileVector<Vector512<float>>
{
    /// <inheritdoc/>
    public static int Count => Vector512<float>.Count;

    /// <inheritdoc/>
    public static Vector512<float> Zero => Vector512<float>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FusedMultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Vector512.FusedMultiplyAdd(left, right, addend);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Rectify(Vector512<float> values) =>
        Vector512.AndNot(values, Vector512.LessThanOrEqual(values, Vector512<float>.Zero));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gate(Vector512<float> values, Vector512<float> gate) =>
        values & Vector512.GreaterThan(gate, Vector512<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Select(
        Vector512<float> left, Vector512<float> right, Vector512<float> first, Vector512<float> second) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(left, right), first, second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LesserMagnitude(Vector512<float> least, Vector512<float> values) =>
        Vector512.MinNative(Vector512.Abs(values), least);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreAtLeast(Vector512<float> values, float bound) =>
        Vector512.GreaterThanOrEqualAll(values, Vector512.Create(bound));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromExponents(Vector512<float> bits, int addend) =>
        ((bits.AsInt32() + Vector512.Create(addend)) << VectorMath.MantissaBits).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, float* to) => values.Store(to);
}
