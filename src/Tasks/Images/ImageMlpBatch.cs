using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Images;

/// <summary>One thread's batch of images, and the activations of the arm that is computed on it.</summary>
internal sealed unsafe class ImageMlpBatch : IClassificationBatch
{
    private readonly ImageDataset _data;
    private readonly MlpNetwork _network;
    private readonly BlockedColumns _images;
    private readonly ImageFetch _fetch;
    private readonly AlignedBuffer _labels;
    private bool _prepared;

    internal ImageMlpBatch(ImageDataset data, MlpNetwork network, int examples)
    {
        var widths = network.Widths;
        _data = data;
        _network = network;
        Examples = examples;
        _images = new BlockedColumns(examples, widths[0]);
        _fetch = new ImageFetch(data, examples);
        Outputs = [.. widths.Skip(1).Select(width => new SpacedRows(examples, width))];
        Turned = new SpacedRows(widths[^2], examples);
        Logits = new SpacedRows(widths[^1], examples);
        Panels = new AlignedBuffer(widths.Zip(widths.Skip(1), WeightPanels.Length).Max());
        Biases = new AlignedBuffer(AlignedBuffer.Padded(widths.Max()));
        LogitTotals = new AlignedBuffer(AlignedBuffer.Padded(widths[^1]));
        _labels = new AlignedBuffer(AlignedBuffer.Padded(Examples));
        _labels.Span.Fill(SoftmaxCrossEntropy.NoLabel);
    }

    /// <summary>Number of examples.</summary>
    public int Examples { get; }

    /// <summary>Of each layer: hidden units, which their gradients replace, or the gradient of the logits; [example, unit].</summary>
    public SpacedRows[] Outputs { get; }

    /// <summary>The last layer before the logits, [unit, example].</summary>
    public SpacedRows Turned { get; }

    /// <summary>Logits, [class, example].</summary>
    public SpacedRows Logits { get; }

    /// <summary>Room for the weights of one layer, or their gradient.</summary>
    public AlignedBuffer Panels { get; }

    /// <summary>Room for the biases of one layer, or their gradient.</summary>
    public AlignedBuffer Biases { get; }

    /// <summary>Totals of the logits' gradient over the examples.</summary>
    public AlignedBuffer LogitTotals { get; }

    /// <summary>What a layer sees, [example, unit]: images, or the units before it.</summary>
    public ColumnBlock[] Inputs(int layer) => layer == 0 ? _images.Blocks : Outputs[layer - 1].Blocks;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The split is smaller than a batch.</exception>
    public void Prepare(StepKey key, DataSplit split, RandomStream order)
    {
        _fetch.Run(key, split, order, _images, _labels.Span);
        _prepared = true;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch has not been prepared.</exception>
    public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        RequirePrepared();
        parameters = parameters[.._network.ParameterCount];
        gradient = gradient[.._network.ParameterCount];
        var loss = double.NaN;
        fixed (float* p = parameters, g = gradient)
        {
            if (_network.Forward(p, this))
            {
                loss = Softmax();
                _network.Backward(p, this, g);
            }
            else
            {
                gradient.Fill(float.NaN);
            }
        }

        GC.KeepAlive(this); // the buffers' finalizers would free what the kernels point to
        return loss;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch has not been prepared.</exception>
    public double Loss(ReadOnlySpan<float> parameters) => TryForward(parameters) ? Softmax() : double.NaN;

    /// <inheritdoc/>
    /// <remarks>Of equal logits the first class counts; an example with a logit of NaN counts as wrong.</remarks>
    /// <exception cref="InvalidOperationException">The batch has not been prepared.</exception>
    public double Accuracy(ReadOnlySpan<float> parameters)
    {
        if (!TryForward(parameters))
        {
            return 0;
        }

        var logits = Logits.Pointer;
        var correct = 0;
        for (var example = 0; example < Examples; example++, logits++)
        {
            var label = (int)_labels.Span[example];
            var highest = logits[label * Logits.Stride];
            var right = true;
            for (var other = 0; other < _data.Classes; other++)
            {
                var logit = logits[other * Logits.Stride];
                right &= other < label ? logit < highest : logit <= highest;
            }

            correct += right ? 1 : 0;
        }

        GC.KeepAlive(this);
        return (double)correct / Examples;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var rows in Outputs)
        {
            rows.Dispose();
        }

        Panels.Dispose();
        Biases.Dispose();
        LogitTotals.Dispose();
        Turned.Dispose();
        Logits.Dispose();
        _labels.Dispose();
        _images.Dispose();
        _fetch.Dispose();
    }

    private bool TryForward(ReadOnlySpan<float> parameters)
    {
        RequirePrepared();
        parameters = parameters[.._network.ParameterCount];
        fixed (float* p = parameters)
        {
            return _network.Forward(p, this);
        }
    }

    private double Softmax()
    {
        var loss = SoftmaxCrossEntropy.LossAndGradient(
            Logits.Pointer, Logits.Stride, _labels.Pointer, _data.Classes, Examples, Outputs[^1].Pointer, Outputs[^1].Stride,
            LogitTotals.Pointer);
        GC.KeepAlive(this);
        return loss;
    }

    private void RequirePrepared()
    {
        if (!_prepared)
        {
            throw new InvalidOperationException("the batch has not been prepared");
        }
    }
}
