using System.Runtime.InteropServices;
using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>Losses and gradients of a task for several lanes.</summary>
internal static class LaneGradients
{
    /// <summary>Computes the loss of each lane and its gradient.</summary>
    /// <param name="task">The task.</param>
    /// <param name="how">Not <see cref="TorchBatching.Auto"/>.</param>
    /// <param name="parameters">[lanes, at least as many as the task has]; not changed.</param>
    /// <param name="batch">Each [lanes, …].</param>
    /// <param name="gradient">[lanes, as <paramref name="parameters"/>]; receives the gradient, what lies behind it is
    /// left alone.</param>
    /// <param name="losses">One for each lane.</param>
    public static void Compute(
        TorchTask task, TorchBatching how, Tensor parameters, Tensor[] batch, Tensor gradient, Span<float> losses)
    {
        using var scope = NewDisposeScope();
        Value(Compute(task, how, parameters, batch, gradient)).CopyTo(losses);
    }

    /// <summary>The same; the losses stay where the task computes.</summary>
    /// <returns>[lanes], detached; in the scope of the caller.</returns>
    public static Tensor Compute(
        TorchTask task, TorchBatching how, Tensor parameters, Tensor[] batch, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        if (how == TorchBatching.Loop)
        {
            var each = new Tensor[parameters.shape[0]];
            for (var lane = 0; lane < each.Length; lane++)
            {
                using var one = NewDisposeScope();
                each[lane] = task.SingleLossAndGradient(
                    parameters[lane], [.. batch.Select(tensor => tensor[lane])], gradient[lane]).MoveToOuterDisposeScope();
            }

            return stack(each).MoveToOuterDisposeScope();
        }

        var leaves = Leaves(task, parameters);
        var loss = LossesOf(task, how, leaves, batch);
        loss.sum().backward(inputs: leaves);
        Store(task, leaves, gradient);
        return loss.detach().MoveToOuterDisposeScope();
    }

    /// <summary>The losses alone.</summary>
    /// <inheritdoc cref="Compute(TorchTask, TorchBatching, Tensor, Tensor[], Tensor, Span{float})"/>
    public static void Losses(TorchTask task, TorchBatching how, Tensor parameters, Tensor[] batch, Span<float> losses)
    {
        using var scope = NewDisposeScope();
        Value(Losses(task, how, parameters, batch)).CopyTo(losses);
    }

    /// <summary>The same; they stay where the task computes.</summary>
    /// <returns>[lanes]; in the scope of the caller.</returns>
    public static Tensor Losses(TorchTask task, TorchBatching how, Tensor parameters, Tensor[] batch)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        if (how == TorchBatching.Loop)
        {
            var each = new Tensor[parameters.shape[0]];
            for (var lane = 0; lane < each.Length; lane++)
            {
                using var one = NewDisposeScope();
                each[lane] = task.Loss(Views(task, parameters[lane]), [.. batch.Select(tensor => tensor[lane])])
                    .MoveToOuterDisposeScope();
            }

            return stack(each).MoveToOuterDisposeScope();
        }

        return LossesOf(task, how, Views(task, parameters), batch).MoveToOuterDisposeScope();
    }

    private static Tensor LossesOf(TorchTask task, TorchBatching how, Tensor[] parameters, Tensor[] batch) =>
        how == TorchBatching.Lanes
            ? task.LaneLosses(parameters, batch)
            : Vmap.Run(all => task.Loss(all[..parameters.Length], all[parameters.Length..]), [.. parameters, .. batch]);

    /// <summary>The loss of each lane as a function of the flat parameters, with the graph behind it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="how">Not <see cref="TorchBatching.Auto"/>.</param>
    /// <param name="parameters">[lanes, as many as the task has]</param>
    /// <param name="batch">Each [lanes, …].</param>
    /// <returns>[lanes]</returns>
    public static Tensor LossesOf(TorchTask task, TorchBatching how, Tensor parameters, Tensor[] batch)
    {
        if (how != TorchBatching.Loop)
        {
            return LossesOf(task, how, Slices(task, parameters), batch);
        }

        var lanes = Enumerable.Range(0, (int)parameters.shape[0]);
        return stack(
            lanes.Select(lane => task.Loss(Slices(task, parameters[lane]), [.. batch.Select(part => part[lane])])));
    }

    // Views of the flat parameters, with a leading dimension if they have one.
    internal static Tensor[] Views(TorchTask task, Tensor parameters) => Slices(task, parameters.detach());

    private static Tensor[] Slices(TorchTask task, Tensor parameters)
    {
        long[] lanes = parameters.dim() == 2 ? [parameters.shape[0]] : [];
        return
        [
            .. task.Parameters.Select(slice => parameters.narrow(lanes.Length, slice.Offset, slice.Length)
                .view([.. lanes, .. slice.Shape.Select(size => (long)size)])),
        ];
    }

    internal static Tensor[] Leaves(TorchTask task, Tensor parameters)
    {
        var leaves = Views(task, parameters);
        foreach (var leaf in leaves)
        {
            leaf.requires_grad_(true);
        }

        return leaves;
    }

    internal static void Store(TorchTask task, Tensor[] leaves, Tensor gradient)
    {
        using var none = no_grad();
        for (var i = 0; i < leaves.Length; i++)
        {
            var slice = task.Parameters[i];
            var target = gradient.narrow(gradient.dim() - 1, slice.Offset, slice.Length);
            if (leaves[i].grad is { } value)
            {
                target.copy_(value.reshape(target.shape));
            }
            else
            {
                // The loss does not depend on it.
                target.zero_();
            }
        }
    }

    internal static Span<float> Value(Tensor loss) => MemoryMarshal.Cast<byte, float>(loss.detach().cpu().contiguous().bytes);
}
