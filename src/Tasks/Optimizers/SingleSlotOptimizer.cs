using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// An update rule with two hyper-parameters and one number of state per parameter: theta₀ is the logarithm of the
/// learning rate, theta₁ that of 1 − decay, where the decay is how much of the state lasts from step to step.
/// </summary>
/// <remarks>State: one number per parameter, initially 0, padded like the parameters.</remarks>
/// <param name="slot">Name of the state.</param>
/// <param name="decay">Name of the decay in theta's layout.</param>
/// <param name="initialLearningRate">Learning rate that theta starts at, above 0.</param>
/// <param name="initialDecay">Decay that theta starts at, in [0, 1).</param>
public abstract class SingleSlotOptimizer(string slot, string decay, double initialLearningRate, double initialDecay)
    : ILearnedOptimizer
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("log_lr", []), ($"log_one_minus_{decay}", []));

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta)
    {
        theta[0] = (float)PortableMath.Log(initialLearningRate);
        theta[1] = (float)PortableMath.Log(1 - initialDecay);
    }

    /// <inheritdoc/>
    public int StateLength(IReadOnlyList<TensorSlice> parameters) => OptimizerKernels.PaddedLength(parameters);

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlice> DescribeState(IReadOnlyList<TensorSlice> parameters) =>
        [.. StateSlots.Like(parameters, slot, 0)];

    /// <inheritdoc/>
    public void Initialise(IReadOnlyList<TensorSlice> parameters, int horizon, Span<float> state) => state.Clear();

    /// <inheritdoc/>
    public void Update(
        ReadOnlySpan<float> theta,
        IReadOnlyList<TensorSlice> tensors,
        Span<float> parameters,
        Span<float> state,
        ReadOnlySpan<float> gradient) => Update(
            parameters,
            state[..parameters.Length],
            gradient[..parameters.Length],
            (float)PortableMath.Exp(theta[0]),
            PortableMath.Exp(theta[1]));

    /// <summary>
    /// Applies one update in place; all spans are padded with zeros to the same length, and padding stays zero.
    /// </summary>
    /// <param name="parameters">Inner parameters.</param>
    /// <param name="state">The number of each parameter.</param>
    /// <param name="gradient">Gradient of the loss.</param>
    /// <param name="learningRate">exp(theta₀).</param>
    /// <param name="oneMinusDecay">exp(theta₁).</param>
    protected abstract void Update(
        Span<float> parameters, Span<float> state, ReadOnlySpan<float> gradient, float learningRate,
        double oneMinusDecay);
}
