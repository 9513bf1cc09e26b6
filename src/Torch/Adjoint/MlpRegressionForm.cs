using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Regression;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Adjoint;

/// <summary><see cref="MlpRegression"/> as torch computes it.</summary>
/// <param name="task">The task whose kernels compute the same.</param>
internal sealed class MlpRegressionForm(MlpRegression task)
    : LaneTask(
        task.Name, [.. task.Parameters.Select(slice => (slice.Name, slice.Shape.ToArray()))], TorchBatching.Lanes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DataSplit, (Tensor Features, Tensor Targets)> _made = [];

    /// <inheritdoc/>
    public override BatchDraw Draws => new(task.BatchSize);

    /// <inheritdoc/>
    public override void Draw(
        StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices,
        Span<float> normals) =>
        shuffling.Fill(key, split, order, task.Data.Count(split), indices);

    /// <inheritdoc/>
    public override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split)
    {
        var (features, targets) = Of(split);
        var (pairs, rows) = (indices.shape[0], indices.shape[1]);
        using var flat = indices.reshape(-1);
        return
        [
            features.index_select(0, flat).view(pairs, rows, -1), targets.index_select(0, flat).view(pairs, rows, -1),
        ];
    }

    /// <inheritdoc/>
    public override Tensor LaneLosses(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch)
    {
        var values = batch[0];
        for (var layer = 0; layer < parameters.Count; layer += 2)
        {
            values = LaneOps.Linear(layer == 0 ? values : values.tanh(), parameters[layer], parameters[layer + 1]);
        }

        var errors = values - batch[1];
        return (task.Loss == RegressionLoss.Squared ? errors.square() : errors.abs()).mean([1, 2]);
    }

    private (Tensor Features, Tensor Targets) Of(DataSplit split)
    {
        lock (_gate)
        {
            if (!_made.TryGetValue(split, out var tensors))
            {
                using var scope = NewDisposeScope();
                var data = task.Data;
                tensors = (
                    tensor(data.FeaturesOf(split).ToArray()).view(-1, data.Features).DetachFromDisposeScope(),
                    tensor(data.TargetsOf(split).ToArray()).view(-1, data.Targets).DetachFromDisposeScope());
                _made.Add(split, tensors);
            }

            return tensors;
        }
    }
}
