using Involute.Tasks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Text;

/// <summary>A network that predicts each byte of a text from those before it: mean cross-entropy in nats.</summary>
public abstract class LanguageTask : LaneTask
{
    /// <summary>What a tensor of embeddings is called: its name begins so, and its scale is 0.1.</summary>
    protected const string Embedding = "embedding";

    // Of a guess that knows nothing, as for classifiers.
    private const double CeilingFactor = 1.5;
    private const double EmbeddingScale = 0.1;

    private readonly ByteText _text;

    /// <summary>A network on a text.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="parameters">Names and shapes.</param>
    /// <param name="text">What it predicts.</param>
    /// <param name="length">Tokens that a sequence predicts.</param>
    /// <param name="batchSize">Sequences per step, at least 1.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the train part is smaller than a batch.</exception>
    protected LanguageTask(
        string name, IReadOnlyList<(string Name, int[] Shape)> parameters, ByteText text, int length, int batchSize,
        TorchBatching batching)
        : base(name, parameters, batching)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        _text = text;
        SequenceLength = length;
        BatchSize = batchSize;
        CeilingLoss = CeilingFactor * PortableMath.Log(text.Bytes.Count);
        _ = BatchesPerEpoch(DataSplit.Train);
    }

    /// <summary>Sequences per step.</summary>
    public int BatchSize { get; }

    /// <summary>Tokens that a sequence predicts.</summary>
    public int SequenceLength { get; }

    /// <summary>1.5 ln V for V different bytes.</summary>
    public sealed override double CeilingLoss { get; }

    /// <inheritdoc/>
    public sealed override BatchDraw Draws => new(BatchSize);

    /// <summary>Clips to [0, 1.5 ln V]; NaN counts as the worst.</summary>
    public sealed override double Normalize(double loss) =>
        double.IsNaN(loss) ? CeilingLoss : Math.Clamp(loss, 0, CeilingLoss);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The part is smaller than a batch.</exception>
    public sealed override int BatchesPerEpoch(DataSplit split) =>
        BatchOrder.BatchesPerEpoch(_text.Sequences(split, SequenceLength), BatchSize, split);

    /// <inheritdoc/>
    public sealed override void Draw(
        StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices, Span<float> normals)
    {
        ArgumentNullException.ThrowIfNull(shuffling);
        shuffling.Fill(key, split, order, _text.Sequences(split, SequenceLength), indices);
    }

    /// <inheritdoc/>
    public sealed override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split) =>
        [_text.Pick(indices, split, SequenceLength)];

    /// <inheritdoc/>
    public sealed override Tensor LaneLosses(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var tokens = batch[0];
        var lanes = tokens.shape[0];
        var logits = LaneLogits(parameters, tokens.narrow(2, 0, SequenceLength));
        return LaneOps.CrossEntropy(
            logits.reshape(lanes, -1, logits.shape[3]), tokens.narrow(2, 1, SequenceLength).reshape(lanes, -1));
    }

    /// <summary>The network.</summary>
    /// <param name="parameters">Each [lanes, …].</param>
    /// <param name="tokens">int64 [lanes, batch, time]</param>
    /// <returns>[lanes, batch, time, vocabulary]; at each time of the token that follows.</returns>
    protected abstract Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor tokens);

    /// <inheritdoc/>
    protected override InitialValues InitialOf(TensorSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return slice.Name.StartsWith(Embedding, StringComparison.Ordinal)
            ? new InitialValues(0, EmbeddingScale)
            : base.InitialOf(slice);
    }
}
