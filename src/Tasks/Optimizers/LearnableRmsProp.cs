using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Involute.Tasks.Components;
using Vector = System.Runtime.Intrinsics.Vector256<float>;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// RMSProp with learned hyper-parameters: v ← d v + (1 − d) g², p ← p − lr · g / (sqrt(v) + 1e-8), with lr =
/// exp(theta₀), d = 1 − exp(theta₁).
/// </summary>
/// <remarks>
/// <para>Tieleman and Hinton, "Lecture 6.5 - rmsprop", Neural Networks for Machine Learning, Coursera, 2012; the
/// lecture has no addend in the denominator, where this one keeps an element at rest whose gradient has always been
/// 0.</para>
/// <para>theta: <c>log_lr</c>, <c>log_one_minus_decay</c>; unbounded, but a positive <c>log_one_minus_decay</c>, which
/// is a negative decay, can make v negative and the parameters NaN. State: one mean square per parameter, initially 0
/// and not corrected for it, so that the first step is lr / sqrt(1 − d).</para>
/// </remarks>
/// <param name="initialLearningRate">Learning rate that theta starts at, above 0.</param>
/// <param name="initialDecay">Decay that theta starts at, in [0, 1).</param>
public sealed class LearnableRmsProp(double initialLearningRate = 1e-3, double initialDecay = 0.9)
    : SingleSlotOptimizer("v", "decay", initialLearningRate, initialDecay)
{
    /// <summary>Added to the root in the denominator.</summary>
    public const float Epsilon = 1e-8f;

    // 2⁻¹¹⁶
    private const float LeastSquare = 1.2037062e-35f;

    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <inheritdoc/>
    protected override void Update(
        Span<float> parameters, Span<float> state, ReadOnlySpan<float> gradient, float learningRate,
        double oneMinusDecay) =>
        Descend(parameters, state, gradient, learningRate, (float)oneMinusDecay);

    // Element i depends on element i alone, and there is no tail: as in OptimizerKernels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Descend(
        Span<float> parameters, Span<float> meanSquares, ReadOnlySpan<float> gradient, float learningRate,
        float oneMinusDecay)
    {
        var step = Vector256.Create(learningRate);
        var rate = Vector256.Create(oneMinusDecay);
        var bound = Subnormals.Bound(oneMinusDecay);
        var epsilon = Vector256.Create(Epsilon);
        ref var p = ref MemoryMarshal.GetReference(parameters);
        ref var v = ref MemoryMarshal.GetReference(meanSquares);
        ref var g = ref MemoryMarshal.GetReference(gradient);
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)Vector.Count)
        {
            var gradients = Vector256.LoadUnsafe(ref g, i);
            var squares = Vector256.LoadUnsafe(ref v, i);
            squares = Subnormals.NextAverages(squares, gradients * gradients, rate, bound);
            squares.StoreUnsafe(ref v, i);

            // A root below 2⁻⁵⁸ is nothing beside epsilon, and that of a subnormal number is slow.
            var little = Vector256.GreaterThanOrEqual(squares, Vector256<float>.Zero)
                & Vector256.LessThan(squares, Vector256.Create(LeastSquare));
            var denominator = Vector256.Sqrt(Vector256.AndNot(squares, little)) + epsilon;
            (Vector256.LoadUnsafe(ref p, i) - (step * gradients / denominator)).StoreUnsafe(ref p, i);
        }
    }
}

/// <summary>Options of <see cref="LearnableRmsProp"/>.</summary>
[Component(
    "rmsprop", "RMSProp; theta is its learning rate and its decay",
    Source = "Tieleman and Hinton, Lecture 6.5 - rmsprop, Neural Networks for Machine Learning, Coursera, 2012")]
public sealed record LearnableRmsPropOptions : OptimizerOptions
{
    /// <summary>Initial learning rate, in (0, 100].</summary>
    [Option("Learning rate that theta starts at.", Least = 0, AboveLeast = true, Most = 100)]
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Initial decay of the mean square, in [0, 1).</summary>
    [Option("Decay of the squared gradient's moving average, at first.", Least = 0, Most = 1, BelowMost = true)]
    public double Decay { get; init; } = 0.9;

    /// <inheritdoc/>
    public override ILearnedOptimizer Create() => new LearnableRmsProp(LearningRate, Decay);
}
