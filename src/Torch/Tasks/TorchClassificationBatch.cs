using Involute.Tasks.InnerTasks;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>A batch of inputs whose classes a network guesses.</summary>
/// <param name="task">Its batches are inputs and labels.</param>
/// <param name="logitsOf">The network for one lane: parameters and inputs to [examples, classes].</param>
internal sealed class TorchClassificationBatch(TorchTask task, Func<Tensor[], Tensor, Tensor> logitsOf)
    : TorchBatch(task), IClassificationBatch
{
    /// <inheritdoc/>
    public double Accuracy(ReadOnlySpan<float> parameters)
    {
        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var logits = logitsOf(LaneGradients.Views(Task, Flat(parameters)[0]), Tensors[0][0]);
        var labels = Tensors[1][0].reshape(-1);

        // Of equal logits the first class counts; an example with a logit of NaN counts as wrong.
        var right = logits.argmax(1).eq(labels).logical_and(logits.isfinite().all(1));
        return right.sum().cpu().data<long>()[0] / (double)labels.NumberOfElements;
    }
}
