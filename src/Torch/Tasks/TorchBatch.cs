using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>One step's batch of a torch task, for one lane at a time: evaluation and checks.</summary>
internal class TorchBatch(TorchTask task) : ITaskBatch
{
    private readonly BatchOrder _shuffling = new();
    private readonly float[] _loss = new float[1];
    private Tensor[] _batch = [];

    /// <summary>Of what it is a batch.</summary>
    protected TorchTask Task => task;

    /// <summary>What the loss gets, each [1, …].</summary>
    protected IReadOnlyList<Tensor> Tensors =>
        _batch.Length > 0 ? _batch : throw new InvalidOperationException("the batch has not been prepared");

    /// <inheritdoc/>
    public void Prepare(StepKey key, DataSplit split, RandomStream order)
    {
        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var made = DrawnBatch.Of(task, [key], split, order, [_shuffling]);
        Dispose();
        _batch = made;
        foreach (var tensor in made)
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        using var flat = Flat(parameters);
        var slopes = zeros_like(flat);
        LaneGradients.Compute(task, TorchBatching.Loop, flat, [.. Tensors], slopes, _loss);
        slopes.cpu().data<float>().CopyTo(gradient[..(int)slopes.NumberOfElements]);
        return _loss[0];
    }

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<float> parameters)
    {
        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        LaneGradients.Losses(task, TorchBatching.Loop, Flat(parameters), [.. Tensors], _loss);
        return _loss[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _batch)
        {
            tensor.Dispose();
        }

        _batch = [];
        GC.SuppressFinalize(this);
    }

    /// <summary>[1, number of parameters]</summary>
    protected Tensor Flat(ReadOnlySpan<float> parameters)
    {
        var last = task.Parameters[^1];
        return tensor(parameters[..(last.Offset + last.Length)].ToArray()).unsqueeze(0).to(task.Place.Ready());
    }
}
