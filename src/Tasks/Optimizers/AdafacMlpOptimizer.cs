using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// A learned optimizer with a tiny perceptron and many features: momenta, mean squares and Adafactor's factored second
/// moments, whose decays are learned too.
/// </summary>
/// <remarks>
/// <para>A decay d of initial value d₀ is 1 − (1 − d₀) · exp(10 · theta_d); those of squares are clipped to [0, 1],
/// those of momenta are not. Features: <see cref="AdafacFeatures"/>, normalised as in <see cref="MlpOptimizer"/>, and
/// its time features. Network 39-4-4-2; the same step.</para>
/// <para>State: padded slots of three momenta (0.9, 0.99, 0.999) and of mean squares (0.999), then the factored
/// averages of each tensor (0.9, 0.99, 0.999), padded together, then the number of updates as a float, exact up to
/// 2²⁴.</para>
/// <para>Metz et al., "Practical tradeoffs between memory, compute, and performance in learned optimizers",
/// arXiv 2203.11860; AdafacMLPLOpt of the reference system.</para>
/// </remarks>
public sealed unsafe class AdafacMlpOptimizer : ILearnedOptimizer
{
    internal const int Momenta = 3;
    internal const int Slots = Momenta + 1;
    internal const int RmsDecay = Momenta;
    internal const int AdafactorDecays = RmsDecay + 1;
    internal const int DecayCount = AdafactorDecays + FactoredMoments.Decays;
    internal const double DecayScale = 10;

    /// <summary>Describes the optimizer.</summary>
    /// <param name="hiddenSize">Units of each hidden layer, at least 1.</param>
    /// <param name="hiddenLayers">Hidden layers; 0 makes the rule linear in its features.</param>
    /// <param name="stepMultiplier">Size of a step whose outputs are (1, 0).</param>
    /// <param name="exponentMultiplier">How strongly the second output scales the step.</param>
    public AdafacMlpOptimizer(
        int hiddenSize = 4, int hiddenLayers = 2, double stepMultiplier = 0.001, double exponentMultiplier = 0.001)
    {
        var network = new OptimizerNetwork(AdafacFeatures.Count, hiddenSize, hiddenLayers);
        Rule = new ElementRule(network, stepMultiplier, exponentMultiplier);
        Layout = new ThetaLayout(
        [
            ("momentum_decays", [Momenta]),
            ("rms_decays", [1]),
            ("adafactor_decays", [FactoredMoments.Decays]),
            .. network.Tensors,
        ]);
    }

    /// <inheritdoc/>
    public string Name => "adafac-mlp";

    /// <summary><c>momentum_decays</c> [3], <c>rms_decays</c> [1], <c>adafactor_decays</c> [3], <c>w0</c> [39, 4],
    /// <c>b0</c> [4], <c>w1</c> [4, 4], <c>b1</c>, <c>w2</c> [4, 2], <c>b2</c>: 197 floats by default.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>1 − d₀ of each average.</summary>
    internal static ReadOnlySpan<double> InitialRates => [0.1, 0.01, 0.001, 0.001, 0.1, 0.01, 0.001];

    private static string[] Averages => ["m0.9", "m0.99", "m0.999", "rms0.999"];

    /// <summary>How features become a step.</summary>
    internal ElementRule Rule { get; }

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => FanInWeights.Fill(
        new CounterStream(seed, 0, 0, 0, RandomStream.ThetaInitialisation), Layout.Slices, theta);

    /// <inheritdoc/>
    public int StateLength(IReadOnlyList<TensorSlice> parameters) =>
        checked(FactoredEnd(parameters, OptimizerKernels.PaddedLength(parameters)) + AlignedBuffer.Unit);

    /// <inheritdoc/>
    /// <remarks>Named by the initial decays; the factored averages of a matrix are called row and column.</remarks>
    public IReadOnlyList<TensorSlice> DescribeState(IReadOnlyList<TensorSlice> parameters)
    {
        var slot = OptimizerKernels.PaddedLength(parameters);
        return
        [
            .. Averages.SelectMany((name, i) => StateSlots.Like(parameters, name, i * slot)),
            .. FactoredMoments.Describe(parameters, Slots * slot),
            new TensorSlice(StateSlots.Iteration, FactoredEnd(parameters, slot), []),
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
        ref var iteration = ref state[FactoredEnd(tensors, slot)];
        Span<float> rates = stackalloc float[DecayCount];
        EffectiveRates(theta, rates);
        var scratch = RuleScratch.OfThread;
        fixed (float* w = theta[DecayCount..], p = parameters, s = state, g = gradient[..slot])
        {
            var inverseRoots = scratch.Roots(slot + AdafacKernels.Lanes);

            // The first of the momenta is usually the first to get there.
            var tiny = TinyMomenta.AreAmong(s, slot)
                ? AdafacKernels.TakeGradient<Guarded>(s, slot, g, rates, inverseRoots)
                : AdafacKernels.TakeGradient<Unguarded>(s, slot, g, rates, inverseRoots);
            var cleared = tiny != 0 && TinyMomenta.AreWeights(w, Rule.FirstWeights) ? WithoutTiny(s, slot, scratch) : null;
            var firstLayer = Rule.FoldTime<AdafacFeatures>(w, iteration, scratch);
            var block = ElementRule.Begin<AdafacFeatures>(scratch);
            var factored = s + (Slots * slot);
            for (var t = 0; t < tensors.Count; t++)
            {
                var (offset, length) = (tensors[t].Offset, tensors[t].Length);
                var features = new AdafacFeatures
                {
                    Gradient = g + offset,
                    Parameters = p + offset,
                    Averages = s + offset,
                    Cleared = cleared is null ? null : cleared + offset,
                    Tiny = tiny,
                    InverseRoots = inverseRoots + offset,
                    Slot = slot,
                    Factored = factored,
                    Shape = tensors[t].Shape.Count >= 2 ? Factoring.Of(tensors[t].Shape) : null,
                    Length = length,
                };
                features.TakeGradient(rates[AdafactorDecays..], scratch);
                Rule.Update(features, w, firstLayer, p + offset, length, ref block, scratch);
                factored += FactoredMoments.StateLength(tensors[t]);
            }

            Rule.Finish(w, firstLayer, ref block, scratch);
        }

        iteration++;
    }

    // Momenta with 0 in the place of tiny ones, and the mean squares behind them.
    private static float* WithoutTiny(float* averages, int slot, RuleScratch scratch)
    {
        var cleared = scratch.Momenta(Slots * slot);
        TinyMomenta.Clear(averages, Momenta * slot, cleared);
        var meanSquares = new ReadOnlySpan<float>(averages + (Momenta * slot), slot);
        meanSquares.CopyTo(new Span<float>(cleared + (Momenta * slot), slot));
        return cleared;
    }

    /// <summary>1 − decay of each average.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void EffectiveRates(ReadOnlySpan<float> theta, Span<float> rates)
    {
        var squares = PortableVectors.Exp(
            Vector256.Create((double)theta[RmsDecay], theta[RmsDecay + 1], theta[RmsDecay + 2], theta[RmsDecay + 3]) * DecayScale);
        var momenta = PortableVectors.Exp(Vector256.Create((double)theta[0], theta[1], theta[2], 0) * DecayScale);
        for (var i = 0; i < DecayCount; i++)
        {
            rates[i] = i < RmsDecay
                ? (float)(InitialRates[i] * momenta[i])
                : (float)Math.Min(InitialRates[i] * squares[i - RmsDecay], 1);
        }
    }

    /// <summary>Where the factored averages end and the counter stands.</summary>
    internal static int FactoredEnd(IReadOnlyList<TensorSlice> tensors, int slot)
    {
        var length = 0;
        for (var t = 0; t < tensors.Count; t++)
        {
            length = checked(length + FactoredMoments.StateLength(tensors[t]));
        }

        return checked((Slots * slot) + AlignedBuffer.Padded(length));
    }
}
