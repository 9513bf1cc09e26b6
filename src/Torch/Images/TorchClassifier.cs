using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>A network that classifies images: mean softmax cross-entropy of its logits.</summary>
public abstract class TorchClassifier : TorchTask, IClassificationTask
{
    // Uniform losses are ln C; half as much again counts as the worst, as for the built-in perceptrons.
    private const double CeilingFactor = 1.5;

    private readonly ImageDataset _data;
    private readonly TorchImages _images;

    /// <summary>A network on a data set.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="parameters">Names and shapes.</param>
    /// <param name="data">Images and classes.</param>
    /// <param name="batchSize">Examples per step, at least 1.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the train split is smaller than a batch.</exception>
    protected TorchClassifier(
        string name, IReadOnlyList<(string Name, int[] Shape)> parameters, ImageDataset data, int batchSize,
        TorchBatching batching)
        : base(name, parameters, batching)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        _data = data;
        _images = new TorchImages(data);
        BatchSize = batchSize;
        CeilingLoss = CeilingFactor * PortableMath.Log(data.Classes);
        _ = BatchesPerEpoch(DataSplit.Train);
    }

    /// <summary>Examples per step.</summary>
    public int BatchSize { get; }

    /// <summary>1.5 ln C for C classes.</summary>
    public sealed override double CeilingLoss { get; }

    /// <inheritdoc/>
    public sealed override BatchDraw Draws => new(BatchSize);

    /// <inheritdoc/>
    public sealed override bool HasLaneLosses => HasLaneLogits;

    /// <summary>Whether <see cref="LaneLogits"/> is written.</summary>
    protected virtual bool HasLaneLogits => false;

    /// <summary>Clips to [0, 1.5 ln C]; NaN counts as the worst.</summary>
    public sealed override double Normalize(double loss) =>
        double.IsNaN(loss) ? CeilingLoss : Math.Clamp(loss, 0, CeilingLoss);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The split is smaller than a batch.</exception>
    public sealed override int BatchesPerEpoch(DataSplit split) =>
        BatchOrder.BatchesPerEpoch(_data[split].Count, BatchSize, split);

    /// <inheritdoc/>
    public sealed override void Draw(
        StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices, Span<float> normals) =>
        shuffling.Fill(key, split, order, _data[split].Count, indices);

    /// <inheritdoc/>
    public sealed override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split)
    {
        var (images, labels) = _images.Pick(indices, split);
        return [images, labels];
    }

    /// <inheritdoc/>
    public sealed override Tensor Loss(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch) =>
        LaneOps.SingleCrossEntropy(Logits(parameters, batch[0]), batch[1]);

    /// <inheritdoc/>
    public sealed override Tensor LaneLosses(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch) =>
        LaneOps.CrossEntropy(LaneLogits(parameters, batch[0]), batch[1]);

    /// <inheritdoc/>
    public new IClassificationBatch CreateBatch() => new TorchClassificationBatch(this, Logits);

    /// <summary>The network for one lane.</summary>
    /// <param name="parameters">Of the shapes of <see cref="TorchTask.Parameters"/>.</param>
    /// <param name="images">[batch, 1, height, width]</param>
    /// <returns>[batch, classes]</returns>
    public abstract Tensor Logits(IReadOnlyList<Tensor> parameters, Tensor images);

    /// <summary>The network for all lanes.</summary>
    /// <param name="parameters">Each [lanes, …].</param>
    /// <param name="images">[lanes, batch, 1, height, width]</param>
    /// <returns>[lanes, batch, classes]</returns>
    /// <exception cref="NotSupportedException">It is not written.</exception>
    public virtual Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor images) =>
        throw new NotSupportedException($"{Name} has no logits with a leading dimension for the lanes");
}
