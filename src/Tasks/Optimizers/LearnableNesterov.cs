using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Involute.Tasks.Components;
using Vector = System.Runtime.Intrinsics.Vector256<float>;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// Gradient descent with Nesterov's momentum, undamped: v ← μ v + g, p ← p − lr · (g + μ v), with lr = exp(theta₀),
/// μ = 1 − exp(theta₁).
/// </summary>
/// <remarks>
/// <para>Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)", 1983, as in
/// Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning", ICML 2013,
/// equations 3 and 4. The parameters here are the point at which they take the gradient, which is ahead of theirs by μ
/// times their velocity; the velocity here is theirs divided by −lr, so that a change of lr acts at once.</para>
/// <para>theta: <c>log_lr</c>, <c>log_one_minus_momentum</c>; unbounded. State: one velocity per parameter, initially
/// 0.</para>
/// </remarks>
/// <param name="initialLearningRate">Learning rate that theta starts at, above 0.</param>
/// <param name="initialMomentum">Momentum that theta starts at, in [0, 1).</param>
public sealed class LearnableNesterov(double initialLearningRate = 0.01, double initialMomentum = 0.9)
    : SingleSlotOptimizer("velocity", "momentum", initialLearningRate, initialMomentum)
{
    /// <inheritdoc/>
    public override string Name => "nesterov";

    /// <inheritdoc/>
    protected override void Update(
        Span<float> parameters, Span<float> state, ReadOnlySpan<float> gradient, float learningRate,
        double oneMinusDecay) =>
        Descend(parameters, state, gradient, learningRate, (float)(1 - oneMinusDecay));

    // Element i depends on element i alone, and there is no tail: as in OptimizerKernels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Descend(
        Span<float> parameters, Span<float> velocity, ReadOnlySpan<float> gradient, float learningRate, float momentum)
    {
        var step = Vector256.Create(-learningRate);
        var kept = Vector256.Create(momentum);
        var bound = Subnormals.Bound(momentum);
        var unmoved = Vector256.Create(IdleSteps.Unmoved(learningRate * (1 + MathF.Abs(momentum))));
        ref var p = ref MemoryMarshal.GetReference(parameters);
        ref var v = ref MemoryMarshal.GetReference(velocity);
        ref var g = ref MemoryMarshal.GetReference(gradient);
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)Vector.Count)
        {
            var gradients = Vector256.LoadUnsafe(ref g, i);
            var velocities = Subnormals.NextVelocities(Vector256.LoadUnsafe(ref v, i), gradients, kept, bound);
            velocities.StoreUnsafe(ref v, i);
            var weights = Vector256.LoadUnsafe(ref p, i);
            var idle = IdleSteps.Of(velocities, weights, unmoved) & Vector256.Equals(gradients, Vector256<float>.Zero);
            var ahead = Vector256.FusedMultiplyAdd(Vector256.AndNot(velocities, idle), kept, gradients);
            Vector256.FusedMultiplyAdd(ahead, step, weights).StoreUnsafe(ref p, i);
        }
    }
}

/// <summary>Options of <see cref="LearnableNesterov"/>.</summary>
[Component(
    "nesterov", "gradient descent with Nesterov's momentum; theta is its learning rate and its momentum",
    Source = "Sutskever et al., On the importance of initialization and momentum in deep learning, ICML 2013, equations 3 and 4")]
public sealed record LearnableNesterovOptions : OptimizerOptions
{
    /// <summary>Initial learning rate, in (0, 100].</summary>
    [Option("Learning rate that theta starts at.", Least = 0, AboveLeast = true, Most = 100)]
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Initial momentum, in [0, 1).</summary>
    [Option("Share of the last step that is kept, at first.", Least = 0, Most = 1, BelowMost = true)]
    public double Momentum { get; init; } = 0.9;

    /// <inheritdoc/>
    public override ILearnedOptimizer Create() => new LearnableNesterov(LearningRate, Momentum);
}
