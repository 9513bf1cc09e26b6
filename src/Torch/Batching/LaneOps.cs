using static TorchSharp.torch;

namespace Involute.Torch.Batching;

/// <summary>
/// Operations on lanes side by side: every tensor has a leading dimension, and lane i of a result depends on lane i
/// alone.
/// </summary>
public static class LaneOps
{
    /// <summary>A dense layer.</summary>
    /// <param name="input">[lanes, …, inputs]</param>
    /// <param name="weights">[lanes, inputs, outputs]</param>
    /// <param name="bias">[lanes, outputs], or none.</param>
    /// <returns>[lanes, …, outputs]</returns>
    public static Tensor Linear(Tensor input, Tensor weights, Tensor? bias = null)
    {
        var shape = input.shape;
        using var scope = NewDisposeScope();
        var rows = shape.Length == 3 ? input : input.reshape(shape[0], -1, shape[^1]);

        // TorchSharp's receiver is the first factor, its last argument the bias.
        var result = bias is null ? rows.bmm(weights) : rows.baddbmm(weights, bias.unsqueeze(1));
        return (shape.Length == 3 ? result : result.view([.. shape[..^1], weights.shape[2]])).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Images with the lanes among the channels, as <see cref="Conv2d"/> takes them from layer to layer.
    /// </summary>
    /// <param name="images">[lanes, batch, channels, height, width]</param>
    /// <returns>[batch, lanes · channels, height, width]</returns>
    public static Tensor ToGrouped(Tensor images)
    {
        var shape = images.shape;
        return images.transpose(0, 1).reshape(shape[1], shape[0] * shape[2], shape[3], shape[4]);
    }

    /// <summary>A convolution, grouped by lane.</summary>
    /// <param name="grouped">[batch, lanes · inputs, height, width]</param>
    /// <param name="kernels">[lanes, outputs, inputs, rows, columns]</param>
    /// <param name="bias">[lanes, outputs], or none.</param>
    /// <param name="stride">Pixels from one place to the next.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <returns>[batch, lanes · outputs, height', width']</returns>
    public static Tensor Conv2d(Tensor grouped, Tensor kernels, Tensor? bias, long stride = 1, long padding = 0)
    {
        var shape = kernels.shape;
        return nn.functional.conv2d(
            grouped, kernels.reshape(shape[0] * shape[1], shape[2], shape[3], shape[4]), bias?.reshape(-1),
            [stride, stride], [padding, padding], [1, 1], shape[0]);
    }

    /// <summary>Means over the pixels of grouped images.</summary>
    /// <param name="grouped">[batch, lanes · channels, height, width]</param>
    /// <param name="lanes">Number of lanes.</param>
    /// <returns>[lanes, batch, channels]</returns>
    public static Tensor MeanPool(Tensor grouped, long lanes) =>
        grouped.mean([2, 3]).view(grouped.shape[0], lanes, -1).transpose(0, 1);

    /// <summary>Mean softmax cross-entropy of each lane.</summary>
    /// <param name="logits">[lanes, examples, classes]</param>
    /// <param name="labels">int64 [lanes, examples]</param>
    /// <returns>[lanes]</returns>
    /// <remarks>By operations that vmap has rules for, and that are faster for few classes than log_softmax.</remarks>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels) => Mean(Surprise(logits, labels, 2), 1);

    /// <summary>Mean softmax cross-entropy of one lane.</summary>
    /// <param name="logits">[examples, classes]</param>
    /// <param name="labels">int64 [examples]</param>
    /// <returns>A scalar.</returns>
    public static Tensor SingleCrossEntropy(Tensor logits, Tensor labels) => Mean(Surprise(logits, labels, 1), 0);

    /// <summary>Batch normalisation of grouped images by the batch's own statistics.</summary>
    /// <remarks>
    /// Variances are those of the batch (divided by its size), plus 1e-5. Ioffe, Szegedy, arXiv 1502.03167.
    /// </remarks>
    /// <param name="grouped">[batch, lanes · channels, height, width]</param>
    /// <param name="gain">[lanes, channels]</param>
    /// <param name="shift">[lanes, channels]</param>
    /// <returns>As <paramref name="grouped"/>.</returns>
    public static Tensor BatchNorm(Tensor grouped, Tensor gain, Tensor shift) =>
        nn.functional.batch_norm(grouped, null, null, gain.reshape(-1), shift.reshape(-1), training: true);

    /// <summary>Layer normalisation over the last dimension.</summary>
    /// <remarks>
    /// Variances are divided by the number of features, plus 1e-5. Ba, Kiros, Hinton, arXiv 1607.06450.
    /// </remarks>
    /// <param name="input">[lanes, …, features]</param>
    /// <param name="gain">[lanes, features]</param>
    /// <param name="shift">[lanes, features]</param>
    /// <returns>As <paramref name="input"/>.</returns>
    public static Tensor LayerNorm(Tensor input, Tensor gain, Tensor shift)
    {
        var shape = input.shape;
        var rows = nn.functional.layer_norm(input, [shape[^1]]).reshape(shape[0], -1, shape[^1]);
        return rows.mul(gain.unsqueeze(1)).Plus(shift.unsqueeze(1)).view(shape);
    }

    /// <summary>Rows of a table.</summary>
    /// <param name="indices">int64 [lanes, …]</param>
    /// <param name="table">[lanes, rows, features]</param>
    /// <returns>[lanes, …, features]</returns>
    public static Tensor Embedding(Tensor indices, Tensor table)
    {
        var shape = indices.shape;
        var index = indices.reshape(shape[0], -1, 1).expand(-1, -1, table.shape[2]);
        return table.gather(1, index).view([.. shape, table.shape[2]]);
    }

    /// <summary>A step of a gated recurrent unit.</summary>
    /// <remarks>
    /// Cho et al., arXiv 1406.1078, but the reset gate multiplies the hidden state's part of the candidate, bias
    /// included, after its dense layer instead of the hidden state before it: one product for all gates, as in cuDNN
    /// and in torch's GRU.
    /// </remarks>
    /// <param name="input">Its part of the gates, [lanes, batch, 3 · units]: reset, update, candidate.</param>
    /// <param name="hidden">[lanes, batch, units]</param>
    /// <param name="weights">[lanes, units, 3 · units]</param>
    /// <param name="bias">[lanes, 3 · units]</param>
    /// <returns>[lanes, batch, units]</returns>
    public static Tensor GruCell(Tensor input, Tensor hidden, Tensor weights, Tensor bias)
    {
        var from = input.chunk(3, -1);
        var own = Linear(hidden, weights, bias).chunk(3, -1);
        var reset = from[0].Plus(own[0]).sigmoid();
        var update = from[1].Plus(own[1]).sigmoid();
        var candidate = from[2].Plus(reset.mul(own[2])).tanh();
        return candidate.Plus(update.mul(hidden.sub(candidate)));
    }

    /// <summary>A step of a long short-term memory.</summary>
    /// <remarks>
    /// Hochreiter, Schmidhuber, Neural Computation 9(8), 1997, with the forget gate of Gers, Schmidhuber, Cummins,
    /// Neural Computation 12(10), 2000: σ(input) · tanh(candidate) + σ(forget) · cell, seen through σ(output) · tanh.
    /// </remarks>
    /// <param name="input">Its part of the gates, [lanes, batch, 4 · units]: input, forget, candidate, output.</param>
    /// <param name="hidden">[lanes, batch, units]</param>
    /// <param name="cell">[lanes, batch, units]</param>
    /// <param name="weights">[lanes, units, 4 · units]</param>
    /// <param name="bias">[lanes, 4 · units]</param>
    /// <returns>Hidden and cell state, each [lanes, batch, units].</returns>
    public static (Tensor Hidden, Tensor Cell) LstmCell(
        Tensor input, Tensor hidden, Tensor cell, Tensor weights, Tensor bias)
    {
        var gates = input.Plus(Linear(hidden, weights, bias)).chunk(4, -1);
        var next = gates[0].sigmoid().mul(gates[2].tanh()).Plus(gates[1].sigmoid().mul(cell));
        return (gates[3].sigmoid().mul(next.tanh()), next);
    }

    /// <summary>Self-attention with several heads.</summary>
    /// <remarks>
    /// torch's own is fast and has no second derivative; where that is wanted (gradients through the unroll), softmax and
    /// products.
    /// </remarks>
    /// <param name="queries">[lanes, batch, time, features]</param>
    /// <param name="keys">As <paramref name="queries"/>.</param>
    /// <param name="values">As <paramref name="queries"/>.</param>
    /// <param name="heads">Divides the number of features.</param>
    /// <param name="causal">Whether a place sees itself and earlier ones only.</param>
    /// <returns>As <paramref name="queries"/>.</returns>
    public static Tensor Attention(Tensor queries, Tensor keys, Tensor values, int heads, bool causal)
    {
        var shape = queries.shape;
        Tensor Split(Tensor x) => x.reshape(shape[0] * shape[1], shape[2], heads, shape[3] / heads).transpose(1, 2);
        var mixed = SecondDerivatives.AreWanted
            ? TwiceDifferentiable(Split(queries), Split(keys), Split(values), causal)
            : nn.functional.scaled_dot_product_attention(
                Split(queries), Split(keys), Split(values), null, 0.0, causal);
        return mixed.transpose(1, 2).reshape(shape);
    }

    // Each [lanes · batch, heads, time, features of a head].
    private static Tensor TwiceDifferentiable(Tensor queries, Tensor keys, Tensor values, bool causal)
    {
        var shape = queries.shape;
        Tensor Flat(Tensor x) => x.reshape(shape[0] * shape[1], shape[2], shape[3]);
        var scores = Flat(queries).bmm(Flat(keys).transpose(1, 2)) / Math.Sqrt(shape[3]);
        if (causal)
        {
            var later = ones(shape[2], shape[2], ScalarType.Bool, queries.device).triu(1);
            scores = scores.masked_fill(later, double.NegativeInfinity);
        }

        return scores.softmax(-1).bmm(Flat(values)).view(shape);
    }

    private static Tensor Mean(Tensor values, long dimension) => values.mean([dimension]);

    // −ln of the probability of the label.
    private static Tensor Surprise(Tensor logits, Tensor labels, long classes)
    {
        var shifted = logits - logits.detach().amax([classes], true);
        return shifted.exp().sum(classes).log() - shifted.gather(classes, labels.unsqueeze(classes)).squeeze(classes);
    }
}
