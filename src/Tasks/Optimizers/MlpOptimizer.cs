using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// A learned optimizer: a small perceptron, shared by all inner parameters, computes each parameter's step from its
/// gradient, its value, six momenta and the time.
/// </summary>
/// <remarks>
/// <para>m_d ← d · m_d + (1 − d) · g for d = 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999. The features g, p, m_d are divided by
/// their root mean squares over the tensor and followed by eleven time features; the network 19-32-32-2 gives (o₁, o₂)
/// and p ← p − stepMultiplier · o₁ · exp(exponentMultiplier · o₂).</para>
/// <para>State: six padded slots of momenta, then the number of updates as a float, exact up to 2²⁴.</para>
/// <para>Metz et al., "Understanding and correcting pathologies in the training of learned optimizers",
/// arXiv 1810.10180; MLPLOpt of the reference system.</para>
/// </remarks>
public sealed unsafe class MlpOptimizer : ILearnedOptimizer
{
    /// <summary>Describes the optimizer.</summary>
    /// <param name="hiddenSize">Units of each hidden layer, at least 1.</param>
    /// <param name="hiddenLayers">Hidden layers; 0 makes the rule linear in its features.</param>
    /// <param name="stepMultiplier">Size of a step whose outputs are (1, 0).</param>
    /// <param name="exponentMultiplier">How strongly the second output scales the step.</param>
    public MlpOptimizer(
        int hiddenSize = 32, int hiddenLayers = 2, double stepMultiplier = 0.001, double exponentMultiplier = 0.001)
    {
        var network = new OptimizerNetwork(MlpFeatures.ElementFeatures, hiddenSize, hiddenLayers);
        Rule = new ElementRule(network, stepMultiplier, exponentMultiplier);
        Layout = new ThetaLayout([.. network.Tensors]);
    }

    /// <inheritdoc/>
    public string Name => "mlp";

    /// <summary><c>w0</c> [19, 32], <c>b0</c> [32], <c>w1</c> [32, 32], <c>b1</c>, <c>w2</c> [32, 2], <c>b2</c>: 1762
    /// floats by default.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>How features become a step.</summary>
    internal ElementRule Rule { get; }

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => FanInWeights.Fill(
        new CounterStream(seed, 0, 0, 0, RandomStream.ThetaInitialisation), Layout.Slices, theta);

    /// <inheritdoc/>
    public int StateLength(IReadOnlyList<TensorSlice> parameters) =>
        checked((MlpFeatures.Momenta * OptimizerKernels.PaddedLength(parameters)) + AlignedBuffer.Unit);

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlice> DescribeState(IReadOnlyList<TensorSlice> parameters)
    {
        var slot = OptimizerKernels.PaddedLength(parameters);
        return
        [
            .. MlpFeatures.Names.SelectMany((name, i) => StateSlots.Like(parameters, name, i * slot)),
            new TensorSlice(StateSlots.Iteration, MlpFeatures.Momenta * slot, []),
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
        var slot = parameters.Length;
        ref var iteration = ref state[MlpFeatures.Momenta * slot];
        var scratch = RuleScratch.OfThread;
        fixed (float* w = theta, p = parameters, s = state, g = gradient[..slot])
        {
            for (var i = 0; i < MlpFeatures.Momenta; i++)
            {
                MovingAverages.Add(s + (i * slot), g, slot, MlpFeatures.Rates[i]);
            }

            var firstLayer = Rule.FoldTime<MlpFeatures>(w, iteration, scratch);
            var block = ElementRule.Begin<MlpFeatures>(scratch);
            for (var t = 0; t < tensors.Count; t++)
            {
                var (offset, length) = (tensors[t].Offset, tensors[t].Length);
                var features = new MlpFeatures(g + offset, p + offset, s + offset, slot, length);
                Rule.Update(features, w, firstLayer, p + offset, length, ref block, scratch);
            }

            Rule.Finish(w, firstLayer, ref block, scratch);
        }

        iteration++;
    }
}
