using Involute.Tasks.Images;
using Involute.Torch.Batching;
using Involute.Torch.Images;
using static TorchSharp.torch;

namespace Involute.Torch.Adjoint;

/// <summary><see cref="ImageMlp"/> as torch computes it.</summary>
/// <param name="task">The task whose kernels compute the same.</param>
internal sealed class ImageMlpForm(ImageMlp task)
    : LaneClassifier(
        task.Name, [.. task.Parameters.Select(slice => (slice.Name, slice.Shape.ToArray()))], task.Data, task.BatchSize,
        TorchBatching.Lanes)
{
    /// <inheritdoc/>
    public override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor images)
    {
        var values = images.reshape(images.shape[0], images.shape[1], -1);
        for (var layer = 0; layer < parameters.Count; layer += 2)
        {
            values = LaneOps.Linear(layer == 0 ? values : values.relu(), parameters[layer], parameters[layer + 1]);
        }

        return values;
    }
}
