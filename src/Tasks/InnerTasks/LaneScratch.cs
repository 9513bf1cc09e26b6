using Involute.Tasks.Numerics;

namespace Involute.Tasks.InnerTasks;

/// <summary>What one thread needs to step lanes of a task: two batches and a gradient, reused from window to window.</summary>
internal sealed class LaneScratch : IDisposable
{
    private readonly IInnerTask _task;
    private ITaskBatch? _metaBatch;

    public LaneScratch(IInnerTask task)
    {
        _task = task;
        Batch = task.CreateBatch();
        Gradient = new AlignedBuffer(AlignedBuffer.Padded(task.Parameters[^1].Offset + task.Parameters[^1].Length));
    }

    /// <summary>The batch that both arms train on.</summary>
    public ITaskBatch Batch { get; }

    /// <summary>The batch of a meta-loss on another split; allocated when first asked for.</summary>
    public ITaskBatch MetaBatch => _metaBatch ??= _task.CreateBatch();

    /// <summary>Gradient of one lane; its padding stays zero.</summary>
    public AlignedBuffer Gradient { get; }

    public void Dispose()
    {
        Batch.Dispose();
        _metaBatch?.Dispose();
        Gradient.Dispose();
    }
}
