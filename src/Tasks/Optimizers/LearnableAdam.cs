using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// Adam with learned hyper-parameters: p ← p − lr · m̂ / (sqrt(v̂ + 1e-8) + ε), with lr = exp(theta₀),
/// β₁ = 1 − exp(theta₁), β₂ = 1 − exp(theta₂), ε = exp(theta₃).
/// </summary>
/// <remarks>
/// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1, with the constant 1e-8 inside
/// the square root that the reference system has. State: first moments, second moments (both padded), then the two
/// corrections 1 − Πβ, which are kept as moving averages of 1: as exact as the moments themselves, and no powers.
/// </remarks>
public sealed class LearnableAdam(
    double initialLearningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    : ILearnedOptimizer
{
    /// <summary>The constant inside the square root.</summary>
    public const float EpsilonRoot = 1e-8f;

    /// <inheritdoc/>
    public string Name => "adam";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(
        ("log_lr", []), ("log_one_minus_beta1", []), ("log_one_minus_beta2", []), ("log_epsilon", []));

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta)
    {
        theta[0] = (float)PortableMath.Log(initialLearningRate);
        theta[1] = (float)PortableMath.Log(1 - beta1);
        theta[2] = (float)PortableMath.Log(1 - beta2);
        theta[3] = (float)PortableMath.Log(epsilon);
    }

    /// <inheritdoc/>
    public int StateLength(IReadOnlyList<TensorSlice> parameters) =>
        checked((2 * OptimizerKernels.PaddedLength(parameters)) + AlignedBuffer.Unit);

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlice> DescribeState(IReadOnlyList<TensorSlice> parameters)
    {
        var length = OptimizerKernels.PaddedLength(parameters);
        return
        [
            .. StateSlots.Like(parameters, "m", 0),
            .. StateSlots.Like(parameters, "v", length),
            new TensorSlice("corrections", 2 * length, [2]),
        ];
    }

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
        var length = parameters.Length;
        var corrections = state.Slice(2 * length, 2);
        var rates = PortableVectors.Exp(Vector256.Create((double)theta[0], theta[1], theta[2], theta[3]));
        var (rate1, rate2) = ((float)rates[1], (float)rates[2]);
        corrections[0] += rate1 * (1 - corrections[0]);
        corrections[1] += rate2 * (1 - corrections[1]);
        var scales = new AdamScales(
            (float)rates[0] / corrections[0], rate1, rate2, 1 / corrections[1], (float)rates[3], EpsilonRoot);
        OptimizerKernels.Adam(parameters, state[..length], state.Slice(length, length), gradient, scales);
    }
}
