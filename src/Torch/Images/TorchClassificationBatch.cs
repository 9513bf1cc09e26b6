using Involute.Tasks.InnerTasks;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>A batch of images whose classes a network guesses.</summary>
internal sealed class TorchClassificationBatch(TorchClassifier task) : TorchBatch(task), IClassificationBatch
{
    /// <inheritdoc/>
    public double Accuracy(ReadOnlySpan<float> parameters)
    {
        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var logits = task.Logits(LaneGradients.Views(task, Flat(parameters)[0]), Tensors[0][0]);
        var labels = Tensors[1][0];

        // Of equal logits the first class counts; an example with a logit of NaN counts as wrong.
        var right = logits.argmax(1).eq(labels).logical_and(logits.isfinite().all(1));
        return right.sum().cpu().data<long>()[0] / (double)labels.NumberOfElements;
    }
}
