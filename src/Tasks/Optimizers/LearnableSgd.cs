using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>Stochastic gradient descent with a learned step size: p ← p − lr · g, lr = exp(theta).</summary>
/// <remarks>theta: <c>log_lr</c>, a scalar; unbounded.</remarks>
public sealed class LearnableSgd(double initialLearningRate = 0.01) : ILearnedOptimizer
{
    /// <inheritdoc/>
    public string Name => "sgd";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("log_lr", []));

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => theta[0] = (float)PortableMath.Log(initialLearningRate);

    /// <inheritdoc/>
    public int StateLength(IReadOnlyList<TensorSlice> parameters) => 0;

    /// <inheritdoc/>
    public void Initialise(IReadOnlyList<TensorSlice> parameters, int horizon, Span<float> state)
    {
        // Plain gradient descent remembers nothing.
    }

    /// <inheritdoc/>
    public void Update(
        ReadOnlySpan<float> theta,
        IReadOnlyList<TensorSlice> tensors,
        Span<float> parameters,
        Span<float> state,
        ReadOnlySpan<float> gradient) =>
        OptimizerKernels.Descend(parameters, gradient, (float)PortableMath.Exp(theta[0]));
}
