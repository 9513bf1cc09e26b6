using Involute.Tasks;
using Involute.Tasks.Optimizers;

namespace Involute.Gpu.Networks;

/// <summary>The network of a learned optimizer, and what its lanes need of a block's scratch: Kernels/learned.h.</summary>
/// <param name="HiddenSize">Units of each hidden layer.</param>
/// <param name="HiddenLayers">Hidden layers.</param>
/// <param name="StepMultiplier">Size of a step whose outputs are (1, 0).</param>
/// <param name="ExponentMultiplier">How strongly the second output scales it.</param>
/// <param name="Features">Features of an element.</param>
/// <param name="Iteration">Where the number of updates stands in the optimizer's state.</param>
/// <param name="Tensors">Of the lane.</param>
internal sealed record LearnedShape(
    int HiddenSize, int HiddenLayers, float StepMultiplier, float ExponentMultiplier, int Features, int Iteration,
    IReadOnlyList<TensorSlice> Tensors)
{
    private const int SquareBlock = 64;
    private const int Threads = 256;
    private const int Unit = 16;

    // Blocks of squares of all tensors; each begins one of its own.
    private int SquareBlocks => Tensors.Sum(tensor => (tensor.Length + SquareBlock - 1) / SquareBlock);

    // Sums of the blocks in double, scales, tables of rows and columns, activations of an element in each thread.
    private long TotalsFloats => Rounded(2L * Features * SquareBlocks);

    private long ScalesFloats => Rounded((long)Features * Tensors.Count);

    private long TablesFloats => Rounded(6L * Tensors.Where(tensor => tensor.Shape.Count == 2).Sum(tensor => tensor.Shape[0] + tensor.Shape[1]));

    // None where the kernels keep activations in registers.
    private long ActivationFloats => HasUsualSizes ? 0 : Rounded((2L * Threads * Math.Max(HiddenSize, Features)) + Math.Max(HiddenSize, OptimizerNetwork.Outputs));

    /// <summary>Whether the kernels have the network's sizes, those of the default options.</summary>
    public bool HasUsualSizes => HiddenLayers == 2 && HiddenSize == (Features == MlpFeatures.ElementFeatures ? 32 : 4);

    /// <summary>Floats of a block's scratch.</summary>
    public long ScratchFloats => TotalsFloats + ScalesFloats + TablesFloats + ActivationFloats;

    /// <summary>The shape of an optimizer; null for one without a network.</summary>
    public static LearnedShape? Of(ILearnedOptimizer optimizer, IReadOnlyList<TensorSlice> tensors, int padded)
    {
        var (rule, features, iteration) = optimizer switch
        {
            MlpOptimizer mlp => (mlp.Rule, MlpFeatures.ElementFeatures, MlpFeatures.Momenta * padded),
            AdafacMlpOptimizer adafac => (adafac.Rule, AdafacFeatures.Count, AdafacMlpOptimizer.FactoredEnd(tensors, padded)),
            _ => (null, 0, 0),
        };
        if (rule is null)
        {
            return null;
        }

        // Matrices w0, w1, … of a network without hidden layers there is one.
        var weights = optimizer.Layout.Slices.Where(slice => slice.Shape.Count == 2).ToArray();
        return new LearnedShape(
            weights.Length > 1 ? weights[0].Shape[1] : 0, weights.Length - 1, rule.StepMultiplier, rule.ExponentMultiplier, features, iteration,
            tensors);
    }

    /// <summary>Its numbers in NetworkShape of Kernels/shape.h.</summary>
    /// <param name="at">First float of its part of the scratch.</param>
    public int[] Words(int at)
    {
        var scales = at + (int)TotalsFloats;
        var tables = scales + (int)ScalesFloats;
        return
        [
            HiddenSize, HiddenLayers, BitConverter.SingleToInt32Bits(StepMultiplier), BitConverter.SingleToInt32Bits(ExponentMultiplier),
            SquareBlocks, Iteration, at, scales, tables, tables + (int)TablesFloats,
        ];
    }

    private static long Rounded(long floats) => (floats + Unit - 1) / Unit * Unit;
}
