using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>
/// Dense layers that reproduce an image through a narrow one. Plain: mean squared error of the pixels in [0, 1].
/// Variational: the negative evidence lower bound in nats per pixel, with a Bernoulli likelihood of each pixel's
/// brightness.
/// </summary>
/// <remarks>
/// ReLU before and after the narrow layer, which is linear: of the variational one first the means, then the logarithms
/// of the variances. Brightness is the sigmoid of the last layer. The noise of the variational one is drawn on the
/// host, from a stream of the step. Kingma, Welling, arXiv 1312.6114. Reference: learned_optimization,
/// tasks/fixed/image_mlp_ae.py and vae.py.
/// </remarks>
public sealed class Autoencoder : LaneTask
{
    private readonly ImageDataset _data;
    private readonly TorchImages _images;
    private readonly int _batchSize;
    private readonly int _latent;
    private readonly bool _isVariational;

    /// <summary>A network.</summary>
    /// <param name="isVariational">Whether the narrow layer is a distribution.</param>
    /// <param name="data">The images; classes are not used.</param>
    /// <param name="hidden">Units of the layer before and after the narrow one.</param>
    /// <param name="latent">Units of the narrow layer.</param>
    /// <param name="batchSize">Examples per step, at least 1.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the train split is smaller than a batch.</exception>
    public Autoencoder(
        bool isVariational, ImageDataset data, int hidden, int latent, int batchSize,
        TorchBatching batching = TorchBatching.Auto)
        : base(isVariational ? "vae" : "autoencoder", Shapes(data, hidden, latent, isVariational), batching)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        _data = data;
        _images = new TorchImages(data);
        _batchSize = batchSize;
        _latent = latent;
        _isVariational = isVariational;
        _ = BatchesPerEpoch(DataSplit.Train);
    }

    /// <summary>
    /// 1: of the squared error all that it can be; of the bound, more than a guess that knows nothing (ln 2).
    /// </summary>
    public override double CeilingLoss => 1;

    /// <inheritdoc/>
    public override double StackingGain => _isVariational ? 2.3 : 2.4;

    /// <inheritdoc/>
    public override BatchDraw Draws => new(_batchSize, _isVariational ? _batchSize * _latent : 0);

    /// <summary>Clips to [0, 1]; NaN counts as the worst.</summary>
    public override double Normalize(double loss) =>
        double.IsNaN(loss) ? CeilingLoss : Math.Clamp(loss, 0, CeilingLoss);

    /// <inheritdoc/>
    public override int BatchesPerEpoch(DataSplit split) =>
        BatchOrder.BatchesPerEpoch(_data[split].Count, _batchSize, split);

    /// <inheritdoc/>
    public override void Draw(
        StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices, Span<float> normals)
    {
        ArgumentNullException.ThrowIfNull(shuffling);
        shuffling.Fill(key, split, order, _data[split].Count, indices);
        key.Stream(RandomStream.InnerNoise).FillNormal(normals);
    }

    /// <inheritdoc/>
    public override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(normals);
        var (images, _) = _images.Pick(indices, split);
        var flat = images.reshape(images.shape[0], _batchSize, -1);
        return _isVariational ? [flat, normals.view(images.shape[0], _batchSize, _latent)] : [flat];
    }

    /// <inheritdoc/>
    public override Tensor LaneLosses(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(batch);
        Tensor Dense(Tensor x, int first) => LaneOps.Linear(x, parameters[first], parameters[first + 1]);
        var pixels = batch[0];
        var code = Dense(Dense(pixels, 0).relu(), 2);
        if (!_isVariational)
        {
            return Dense(Dense(code, 4).relu(), 6).sigmoid().sub(pixels).Squared().mean([1, 2]);
        }

        var parts = code.chunk(2, -1);
        var (mean, logVariance) = (parts[0], parts[1]);
        var half = tensor(0.5f);
        var sample = mean.Plus(logVariance.mul(half).exp().mul(batch[1]));
        var logits = Dense(Dense(sample, 4).relu(), 6);

        // −ln of the Bernoulli likelihood: max(z, 0) − z·x + ln(1 + exp(−|z|)).
        var likelihood = logits.relu().sub(logits.mul(pixels)).Plus(logits.abs().neg().exp().log1p());
        var divergence = mean.Squared().Plus(logVariance.exp()).sub(logVariance).sub(tensor(1f)).mul(half);
        return likelihood.sum([2]).Plus(divergence.sum([2])).mean([1]).div(tensor((float)pixels.shape[2]));
    }

    private static (string Name, int[] Shape)[] Shapes(ImageDataset data, int hidden, int latent, bool isVariational)
    {
        ArgumentNullException.ThrowIfNull(data);
        var pixels = data.Height * data.Width;
        var code = isVariational ? 2 * latent : latent;
        return
        [
            ("encoder/w0", [pixels, hidden]), ("encoder/b0", [hidden]), ("encoder/w1", [hidden, code]),
            ("encoder/b1", [code]), ("decoder/w0", [latent, hidden]), ("decoder/b0", [hidden]),
            ("decoder/w1", [hidden, pixels]), ("decoder/b1", [pixels]),
        ];
    }
}
