using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Regression;

/// <summary>
/// A multilayer perceptron on a table: tanh between layers, linear outputs, mean squared or absolute error.
/// </summary>
/// <remarks>
/// <para>Parameters are <c>w0, b0, w1, b1, …</c>, weights as [in, out] row by row. The raw loss is the mean over the
/// rows of a batch and over the targets, in the units of the (standardised) targets.</para>
/// <para>The meta-loss is the raw loss divided by that of the best constant on the training rows: 1 is "nothing
/// learned", in any units and with either loss. It ends at 10: initial weights cost less than 2 on a standardised
/// table, and batches of targets with long tails a few times as much, so that no useful difference is cut off, and a
/// divergence, or NaN, counts as ten times worse than knowing nothing, not as 1e30, which would drown all else in a
/// mean.</para>
/// <para>Loss and gradient have the same bits on every machine. A parameter that is not finite makes both NaN, even
/// where a tanh would hide it.</para>
/// </remarks>
public sealed class MlpRegression : IInnerTask
{
    private const double Ceiling = 10;

    private readonly int[] _widths;
    private readonly double _constantLoss;

    /// <summary>Describes a task.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="data">Features and targets.</param>
    /// <param name="hiddenWidths">Units of each hidden layer, each at least 1; empty for linear regression.</param>
    /// <param name="batchSize">Rows of a step, at least 1.</param>
    /// <param name="loss">What an error costs.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the smallest split is smaller than a
    /// batch.</exception>
    public MlpRegression(
        string name, RegressionData data, IReadOnlyList<int> hiddenWidths, int batchSize,
        RegressionLoss loss = RegressionLoss.Squared)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(hiddenWidths);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        Name = name;
        BatchSize = batchSize;
        Data = data;
        Loss = loss;
        _constantLoss = data.ConstantLoss(loss);
        _widths = [data.Features, .. hiddenWidths, data.Targets];
        Parameters = ThetaLayout.LayOut(
        [
            .. Enumerable.Range(0, _widths.Length - 1).SelectMany(layer => new (string, int[])[]
            {
                ($"w{layer}", [_widths[layer], _widths[layer + 1]]),
                ($"b{layer}", [_widths[layer + 1]]),
            }),
        ]);
        foreach (var split in Enum.GetValues<DataSplit>())
        {
            _ = BatchesPerEpoch(split);
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Features and targets.</summary>
    internal RegressionData Data { get; }

    /// <summary>What an error costs.</summary>
    internal RegressionLoss Loss { get; }

    /// <summary>Rows of a step.</summary>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlice> Parameters { get; }

    /// <summary>10: ten times the loss of the best constant.</summary>
    public double CeilingLoss => Ceiling;

    /// <summary>The loss relative to that of the best constant, clipped to [0, 10]; NaN counts as the worst.</summary>
    public double Normalize(double loss) => double.IsNaN(loss) ? Ceiling : Math.Clamp(loss / _constantLoss, 0, Ceiling);

    /// <inheritdoc/>
    public int BatchesPerEpoch(DataSplit split) => BatchOrder.BatchesPerEpoch(Data.Count(split), BatchSize, split);

    /// <summary>Weights normal, truncated at ±2, divided by √in (without correcting the variance); biases 0.</summary>
    /// <remarks>Random number i of the stream belongs to parameter i.</remarks>
    public void Initialise(TrajectoryKey trajectory, Span<float> parameters) =>
        FanInWeights.Fill(trajectory.Stream(RandomStream.ParameterInitialisation), Parameters, parameters);

    /// <inheritdoc/>
    public ITaskBatch CreateBatch() => new MlpRegressionBatch(Data, _widths, Parameters, BatchSize, Loss);
}
