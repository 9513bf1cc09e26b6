using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// Gradient descent with momentum, undamped: v ← μ v + g, p ← p − lr · v, with lr = exp(theta₀), μ = 1 − exp(theta₁).
/// </summary>
/// <remarks>theta: <c>log_lr</c>, <c>log_one_minus_momentum</c>. State: one velocity per parameter, initially 0.</remarks>
public sealed class LearnableSgdm(double initialLearningRate = 0.01, double initialMomentum = 0.9) : ILearnedOptimizer
{
    /// <inheritdoc/>
    public string Name => "sgdm";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("log_lr", []), ("log_one_minus_momentum", []));

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta)
    {
        theta[0] = (float)PortableMath.Log(initialLearningRate);
        theta[1] = (float)PortableMath.Log(1 - initialMomentum);
    }

    /// <inheritdoc/>
    public int StateLength(IReadOnlyList<TensorSlice> parameters) => OptimizerKernels.PaddedLength(parameters);

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlice> DescribeState(IReadOnlyList<TensorSlice> parameters) =>
        [.. StateSlots.Like(parameters, "velocity", 0)];

    /// <inheritdoc/>
    public void Initialise(IReadOnlyList<TensorSlice> parameters, int horizon, Span<float> state) => state.Clear();

    /// <inheritdoc/>
    public void Update(
        ReadOnlySpan<float> theta,
        IReadOnlyList<TensorSlice> tensors,
        Span<float> parameters,
        Span<float> state,
        ReadOnlySpan<float> gradient)
    {
        var velocity = state[..parameters.Length];
        OptimizerKernels.Momentum(velocity, gradient, (float)(1 - PortableMath.Exp(theta[1])));
        OptimizerKernels.Descend(parameters, velocity, (float)PortableMath.Exp(theta[0]));
    }
}
