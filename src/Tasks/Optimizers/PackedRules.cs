using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary><see cref="LearnableSgd"/> on packed lanes.</summary>
internal readonly unsafe struct PackedSgd : IPackedRule<PackedSgd>
{
    private readonly Vector256<float> _step;

    private PackedSgd(Vector256<float> step) => _step = step;

    /// <inheritdoc/>
    public static int Constants => 1;

    /// <inheritdoc/>
    public static int Scalars => 0;

    /// <inheritdoc/>
    public static int Slots => 0;

    /// <inheritdoc/>
    public bool LeavesZeros(Vector256<float> active) => PackedLanes.AreFinite(
        PackedLanes.Excess(_step), active);

    /// <inheritdoc/>
    public static void Prepare(ReadOnlySpan<float> theta, Span<float> constants) =>
        constants[0] = -(float)PortableMath.Exp(theta[0]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedSgd Begin(float* constants, float* scalars, Vector256<float> active) =>
        new(Vector256.Load(constants));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Update(
        Vector256<float> parameters, Vector256<float> gradient, float* slots, Vector256<float> active) =>
        Vector256.FusedMultiplyAdd(gradient, _step, parameters);
}

/// <summary><see cref="LearnableSgdm"/> on packed lanes.</summary>
internal readonly unsafe struct PackedSgdm : IPackedRule<PackedSgdm>
{
    private readonly Vector256<float> _step;
    private readonly Vector256<float> _momentum;

    private PackedSgdm(Vector256<float> step, Vector256<float> momentum) => (_step, _momentum) = (step, momentum);

    /// <inheritdoc/>
    public static int Constants => 2;

    /// <inheritdoc/>
    public static int Scalars => 0;

    /// <inheritdoc/>
    public static int Slots => 1;

    /// <inheritdoc/>
    public bool LeavesZeros(Vector256<float> active) => PackedLanes.AreFinite(
        PackedLanes.Excess(_step) + PackedLanes.Excess(_momentum), active);

    /// <inheritdoc/>
    public static void Prepare(ReadOnlySpan<float> theta, Span<float> constants)
    {
        constants[0] = -(float)PortableMath.Exp(theta[0]);
        constants[1] = (float)(1 - PortableMath.Exp(theta[1]));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedSgdm Begin(float* constants, float* scalars, Vector256<float> active) =>
        new(Vector256.Load(constants), Vector256.Load(constants + PackedLanes.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Update(
        Vector256<float> parameters, Vector256<float> gradient, float* slots, Vector256<float> active)
    {
        var before = Vector256.Load(slots);
        var velocity = Vector256.FusedMultiplyAdd(before, _momentum, gradient);
        PackedLanes.Store(velocity, before, slots, active);
        return Vector256.FusedMultiplyAdd(velocity, _step, parameters);
    }
}

/// <summary><see cref="LearnableNesterov"/> on packed lanes.</summary>
internal readonly unsafe struct PackedNesterov : IPackedRule<PackedNesterov>
{
    private readonly Vector256<float> _step;
    private readonly Vector256<float> _momentum;

    private PackedNesterov(Vector256<float> step, Vector256<float> momentum) => (_step, _momentum) = (step, momentum);

    /// <inheritdoc/>
    public static int Constants => PackedSgdm.Constants;

    /// <inheritdoc/>
    public static int Scalars => 0;

    /// <inheritdoc/>
    public static int Slots => 1;

    /// <inheritdoc/>
    public bool LeavesZeros(Vector256<float> active) => PackedLanes.AreFinite(
        PackedLanes.Excess(_step) + PackedLanes.Excess(_momentum), active);

    /// <inheritdoc/>
    public static void Prepare(ReadOnlySpan<float> theta, Span<float> constants) => PackedSgdm.Prepare(theta, constants);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedNesterov Begin(float* constants, float* scalars, Vector256<float> active) =>
        new(Vector256.Load(constants), Vector256.Load(constants + PackedLanes.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Update(
        Vector256<float> parameters, Vector256<float> gradient, float* slots, Vector256<float> active)
    {
        var before = Vector256.Load(slots);
        var velocity = Vector256.FusedMultiplyAdd(before, _momentum, gradient);
        PackedLanes.Store(velocity, before, slots, active);
        var ahead = Vector256.FusedMultiplyAdd(velocity, _momentum, gradient);
        return Vector256.FusedMultiplyAdd(ahead, _step, parameters);
    }
}

/// <summary><see cref="LearnableRmsProp"/> on packed lanes.</summary>
internal readonly unsafe struct PackedRmsProp : IPackedRule<PackedRmsProp>
{
    private readonly Vector256<float> _step;
    private readonly Vector256<float> _rate;

    private PackedRmsProp(Vector256<float> step, Vector256<float> rate) => (_step, _rate) = (step, rate);

    /// <inheritdoc/>
    public static int Constants => 2;

    /// <inheritdoc/>
    public static int Scalars => 0;

    /// <inheritdoc/>
    public static int Slots => 1;

    /// <inheritdoc/>
    public bool LeavesZeros(Vector256<float> active) => PackedLanes.AreFinite(
        PackedLanes.Excess(_step) + PackedLanes.Excess(_rate), active);

    /// <inheritdoc/>
    public static void Prepare(ReadOnlySpan<float> theta, Span<float> constants)
    {
        constants[0] = (float)PortableMath.Exp(theta[0]);
        constants[1] = (float)PortableMath.Exp(theta[1]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedRmsProp Begin(float* constants, float* scalars, Vector256<float> active) =>
        new(Vector256.Load(constants), Vector256.Load(constants + PackedLanes.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Update(
        Vector256<float> parameters, Vector256<float> gradient, float* slots, Vector256<float> active)
    {
        var before = Vector256.Load(slots);
        var squares = Vector256.FusedMultiplyAdd((gradient * gradient) - before, _rate, before);
        PackedLanes.Store(squares, before, slots, active);
        var denominator = Vector256.Sqrt(squares) + Vector256.Create(LearnableRmsProp.Epsilon);
        return parameters - (_step * gradient / denominator);
    }
}
