using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Images;

/// <summary>A multilayer perceptron on flattened images: ReLU between layers, mean softmax cross-entropy.</summary>
/// <remarks>
/// <para>Parameters are <c>w0, b0, w1, b1, …</c>, weights as [in, out] row by row: the shapes of the reference
/// system.</para>
/// <para>Loss and gradient have the same bits on every machine. A parameter that is not finite makes both NaN, even
/// where a ReLU would hide it.</para>
/// <para>Reference: learned_optimization, tasks/fixed/image_mlp.py.</para>
/// </remarks>
public sealed class ImageMlp : IClassificationTask
{
    // Uniform losses are ln C; half as much again counts as the worst.
    private const double CeilingFactor = 1.5;

    private readonly MlpNetwork _network;

    /// <summary>Describes a task; loads the training file of the data set.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="data">Images and classes.</param>
    /// <param name="hiddenWidths">Units of each hidden layer, each at least 1; empty for logistic regression.</param>
    /// <param name="batchSize">Examples per step, at least 1.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the train split is smaller than a batch.</exception>
    public ImageMlp(string name, ImageDataset data, IReadOnlyList<int> hiddenWidths, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(hiddenWidths);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        Name = name;
        BatchSize = batchSize;
        CeilingLoss = CeilingFactor * PortableMath.Log(data.Classes);
        Data = data;
        _network = new MlpNetwork([data.Height * data.Width, .. hiddenWidths, data.Classes]);
        _ = BatchesPerEpoch(DataSplit.Train);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Images and classes.</summary>
    internal ImageDataset Data { get; }

    /// <summary>Examples per step.</summary>
    public int BatchSize { get; }

    /// <summary>Number of inner parameters.</summary>
    public int ParameterCount => _network.ParameterCount;

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlice> Parameters => _network.Parameters;

    /// <summary>1.5 ln C for C classes.</summary>
    public double CeilingLoss { get; }

    /// <summary>The default task: embedded Fashion-MNIST, 32 hidden units, batch 128; 2,410 parameters.</summary>
    public static ImageMlp FashionMnist8Relu32() =>
        new("fashion-mnist-8-relu32", FashionMnist.Embedded8x8(), [32], 128);

    /// <summary>Clips to [0, 1.5 ln C]; NaN counts as the worst.</summary>
    public double Normalize(double loss) => double.IsNaN(loss) ? CeilingLoss : Math.Clamp(loss, 0, CeilingLoss);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The split is smaller than a batch.</exception>
    public int BatchesPerEpoch(DataSplit split) => BatchOrder.BatchesPerEpoch(Data[split].Count, BatchSize, split);

    /// <summary>Weights normal, truncated at ±2, divided by √in (without correcting the variance); biases 0.</summary>
    /// <remarks>Random number i of the stream belongs to parameter i. The default of the reference's layers.</remarks>
    public void Initialise(TrajectoryKey trajectory, Span<float> parameters) =>
        FanInWeights.Fill(trajectory.Stream(RandomStream.ParameterInitialisation), Parameters, parameters);

    /// <inheritdoc/>
    public IClassificationBatch CreateBatch() => new ImageMlpBatch(Data, _network, BatchSize);
}
