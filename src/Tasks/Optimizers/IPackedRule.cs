using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// An element-wise update rule on eight lanes side by side: a vector holds the same number of each. Every lane gets the bits
/// of the rule's <see cref="ILearnedOptimizer"/>.
/// </summary>
/// <remarks>
/// Memory is structure of arrays: number i of the eight lanes stands at floats 8 i to 8 i + 7. Of lanes that are not active
/// nothing changes. The state of a new trajectory is all zeros.
/// </remarks>
/// <typeparam name="TSelf">The implementing type: one update, the same for each element.</typeparam>
internal unsafe interface IPackedRule<TSelf>
    where TSelf : struct, IPackedRule<TSelf>
{
    /// <summary>Numbers that follow from theta.</summary>
    static abstract int Constants { get; }

    /// <summary>Numbers of the state that a lane has once; they stand behind its slots.</summary>
    static abstract int Scalars { get; }

    /// <summary>Numbers of the state that each parameter has.</summary>
    static abstract int Slots { get; }

    /// <summary>Works out one lane's constants.</summary>
    static abstract void Prepare(ReadOnlySpan<float> theta, Span<float> constants);

    /// <summary>Begins an update: the scalars are brought up to date.</summary>
    static abstract TSelf Begin(float* constants, float* scalars, Vector256<float> active);

    /// <summary>
    /// Whether an element of active lanes whose parameter, state and gradient are 0 stays at 0 in this update, as the padding behind a lane's
    /// parameters does; with scales that are not finite it becomes NaN.
    /// </summary>
    bool LeavesZeros(Vector256<float> active);

    /// <summary>Updates the slots of one element.</summary>
    /// <returns>Its parameters, of active lanes.</returns>
    Vector256<float> Update(
        Vector256<float> parameters, Vector256<float> gradient, float* slots, Vector256<float> active);
}

/// <summary>What packed rules share.</summary>
internal static class PackedLanes
{
    /// <summary>Lanes side by side.</summary>
    public const int Count = 8;

    /// <summary>The lanes of a set, one bit each, as a mask of all bits.</summary>
    public static Vector256<float> Mask(uint lanes) => Vector256.Equals(
        Vector256.Create(lanes) & Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128),
        Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128)).AsSingle();

    /// <summary>Of active lanes the first, of the others the second.</summary>
    public static Vector256<float> Select(Vector256<float> active, Vector256<float> first, Vector256<float> second) =>
        Avx.IsSupported ? Avx.BlendVariable(second, first, active) : Vector256.ConditionalSelect(active, first, second);

    /// <summary>Stores new numbers of active lanes.</summary>
    public static unsafe void Store(Vector256<float> values, Vector256<float> before, float* at, Vector256<float> active) =>
        Select(active, values, before).Store(at);

    /// <summary>0 where a number is finite, else NaN; a sum keeps a NaN.</summary>
    public static Vector256<float> Excess(Vector256<float> values) => values - values;

    /// <summary>Whether a sum of <see cref="Excess"/> is 0 in all active lanes.</summary>
    public static bool AreFinite(Vector256<float> excess, Vector256<float> active) =>
        Vector256.EqualsAll(excess & active, Vector256<float>.Zero);
}
