using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Torch.Batching;
using Involute.Torch.Native;

namespace Involute.Torch.Tasks;

/// <summary>Options of a task that computes with libtorch. Derive from it for a task of your own.</summary>
[OptionBlock("torch", "How libtorch computes the task.")]
public abstract record TorchTaskOptions : InnerTaskOptions
{
    /// <summary>How the loss is computed for several lanes at once.</summary>
    [Option(
        "How the loss is computed for several lanes at once: the two arms of each pair of an actor. pairs-per-actor "
        + "decides how many there are. It decides how numbers are rounded, and is part of a run's identity.")]
    public TorchBatching Batching { get; init; }

    /// <inheritdoc/>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded.</exception>
    public sealed override IInnerTask Create()
    {
        var task = CreateTask();
        TorchTaskCheck.Run(task);
        return task;
    }

    /// <summary>Makes the task, with its data.</summary>
    protected abstract TorchTask CreateTask();
}
