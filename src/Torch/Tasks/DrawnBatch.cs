using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>Draws numbers on the host, and has the task make batches of them.</summary>
internal static class DrawnBatch
{
    /// <summary>The batches of some pairs.</summary>
    /// <param name="task">The task.</param>
    /// <param name="keys">Trajectory and step of each pair.</param>
    /// <param name="split">Part of the data.</param>
    /// <param name="order">Which shuffling.</param>
    /// <param name="shuffling">One for each pair.</param>
    /// <returns>Each [pairs, …]; in the scope of the caller.</returns>
    public static Tensor[] Of(
        TorchTask task, ReadOnlySpan<StepKey> keys, DataSplit split, RandomStream order,
        ReadOnlySpan<BatchOrder> shuffling)
    {
        var draws = task.Draws;
        var indices = new int[keys.Length * draws.Indices];
        var normals = new float[keys.Length * draws.Normals];
        for (var i = 0; i < keys.Length; i++)
        {
            task.Draw(
                keys[i], split, order, shuffling[i], indices.AsSpan(i * draws.Indices, draws.Indices),
                normals.AsSpan(i * draws.Normals, draws.Normals));
        }

        var device = task.Place.Ready();
        return task.Gather(
            tensor(indices).view(keys.Length, draws.Indices).to(device),
            tensor(normals).view(keys.Length, draws.Normals).to(device), split);
    }
}
