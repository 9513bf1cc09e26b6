namespace Involute.Tasks.Optimizers;

/// <summary>
/// Gradient descent with momentum, undamped: v ← μ v + g, p ← p − lr · v, with lr = exp(theta₀), μ = 1 − exp(theta₁).
/// </summary>
/// <remarks>theta: <c>log_lr</c>, <c>log_one_minus_momentum</c>. State: one velocity per parameter, initially
/// 0.</remarks>
/// <param name="initialLearningRate">Learning rate that theta starts at, above 0.</param>
/// <param name="initialMomentum">Momentum that theta starts at, in [0, 1).</param>
public sealed class LearnableSgdm(double initialLearningRate = 0.01, double initialMomentum = 0.9)
    : SingleSlotOptimizer("velocity", "momentum", initialLearningRate, initialMomentum)
{
    /// <inheritdoc/>
    public override string Name => "sgdm";

    /// <inheritdoc/>
    protected override void Update(
        Span<float> parameters, Span<float> state, ReadOnlySpan<float> gradient, float learningRate,
        double oneMinusDecay) =>
        OptimizerKernels.Descend(parameters, state, gradient, (float)(1 - oneMinusDecay), learningRate);
}
