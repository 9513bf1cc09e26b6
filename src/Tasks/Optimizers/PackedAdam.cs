using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary><see cref="LearnableAdam"/> on packed lanes; the operations are those of <see cref="OptimizerKernels.Adam"/>.</summary>
internal readonly unsafe struct PackedAdam : IPackedRule<PackedAdam>
{
    private readonly Vector256<float> _step;
    private readonly Vector256<float> _rate1;
    private readonly Vector256<float> _rate2;
    private readonly Vector256<float> _inverse2;
    private readonly Vector256<float> _epsilon;

    private PackedAdam(
        Vector256<float> step, Vector256<float> rate1, Vector256<float> rate2, Vector256<float> inverse2,
        Vector256<float> epsilon) =>
        (_step, _rate1, _rate2, _inverse2, _epsilon) = (step, rate1, rate2, inverse2, epsilon);

    /// <inheritdoc/>
    public static int Constants => 4;

    /// <inheritdoc/>
    public static int Scalars => 2;

    /// <inheritdoc/>
    public static int Slots => 2;

    /// <inheritdoc/>
    public bool LeavesZeros(Vector256<float> active) => PackedLanes.AreFinite(
        PackedLanes.Excess(_step) + PackedLanes.Excess(_rate1)
            + PackedLanes.Excess(_rate2) + PackedLanes.Excess(_inverse2) + PackedLanes.Excess(_epsilon), active);

    /// <inheritdoc/>
    public static void Prepare(ReadOnlySpan<float> theta, Span<float> constants)
    {
        var rates = PortableVectors.Exp(Vector256.Create((double)theta[0], theta[1], theta[2], theta[3]));
        for (var i = 0; i < Constants; i++)
        {
            constants[i] = (float)rates[i];
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedAdam Begin(float* constants, float* scalars, Vector256<float> active)
    {
        var rate1 = Vector256.Load(constants + PackedLanes.Count);
        var rate2 = Vector256.Load(constants + (2 * PackedLanes.Count));
        var before1 = Vector256.Load(scalars);
        var before2 = Vector256.Load(scalars + PackedLanes.Count);
        var correction1 = before1 + (rate1 * (Vector256<float>.One - before1));
        var correction2 = before2 + (rate2 * (Vector256<float>.One - before2));
        PackedLanes.Store(correction1, before1, scalars, active);
        PackedLanes.Store(correction2, before2, scalars + PackedLanes.Count, active);
        return new PackedAdam(
            Vector256.Load(constants) / correction1,
            rate1,
            rate2,
            Vector256<float>.One / correction2,
            Vector256.Load(constants + (3 * PackedLanes.Count)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Update(
        Vector256<float> parameters, Vector256<float> gradient, float* slots, Vector256<float> active)
    {
        var before1 = Vector256.Load(slots);
        var before2 = Vector256.Load(slots + PackedLanes.Count);
        var moments = Vector256.FusedMultiplyAdd(gradient - before1, _rate1, before1);
        var squares = Vector256.FusedMultiplyAdd((gradient * gradient) - before2, _rate2, before2);
        PackedLanes.Store(moments, before1, slots, active);
        PackedLanes.Store(squares, before2, slots + PackedLanes.Count, active);
        var root = Vector256.Sqrt(
            Vector256.FusedMultiplyAdd(squares, _inverse2, Vector256.Create(LearnableAdam.EpsilonRoot)));
        return parameters - (_step * moments / (root + _epsilon));
    }
}
