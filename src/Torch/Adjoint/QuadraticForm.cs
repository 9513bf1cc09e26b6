using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Adjoint;

/// <summary><see cref="QuadraticTask"/> and <see cref="FixedDimQuadraticFamily"/> as torch computes them.</summary>
/// <param name="task">One of the two.</param>
internal sealed class QuadraticForm(IInnerTask task)
    : LaneTask(task.Name, [("p", [task.Parameters[0].Length])], TorchBatching.Lanes)
{
    /// <inheritdoc/>
    public override BatchDraw Draws => new(0, task.Parameters[0].Length);

    /// <inheritdoc/>
    /// <remarks>The centre is the same in all steps of a trajectory.</remarks>
    public override void Draw(
        StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices, Span<float> normals)
    {
        normals.Clear();
        if (task is FixedDimQuadraticFamily)
        {
            QuadraticBatch.FillCentre(key.Trajectory, normals);
        }
    }

    /// <inheritdoc/>
    public override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split) => [normals];

    /// <inheritdoc/>
    public override Tensor LaneLosses(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch) =>
        (parameters[0] - batch[0]).square().sum(1);
}
