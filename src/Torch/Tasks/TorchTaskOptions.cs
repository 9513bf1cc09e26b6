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

    /// <summary>Where it computes: <c>cpu</c>, or <c>cuda:N</c>.</summary>
    [Option(
        "Where it computes: cpu, or cuda:N for NVIDIA's card N, from 0, which needs INVOLUTE_LIBTORCH to name a folder with "
        + "libtorch 2.10 with CUDA. Part of a run's identity.",
        WhenMissing = "\"cpu\"")]
    public string Device { get; init; } = "cpu";

    /// <summary>Where the inner parameters are updated.</summary>
    [Option(
        "What updates the inner parameters. It decides how numbers are rounded, and is part of a run's identity.",
        WhenMissing = "auto")]
    public TorchUnrolling Unroll { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (TorchDevice.Parse(Device) is not { } device)
        {
            yield return new OptionProblem("device", "there is no such device", TorchDevice.Allowed);
        }
        else if (device != TorchDevice.Cpu && Unroll == TorchUnrolling.Host)
        {
            yield return new OptionProblem("unroll", $"host updates memory of the processor, and device is {device}", "auto, device");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded, or not for this device.</exception>
    public sealed override IInnerTask Create()
    {
        var device = TorchDevice.Parse(Device)
            ?? throw new ArgumentException($"involute.torch.device: there is no such device; allowed: {TorchDevice.Allowed}");
        var place = new TorchPlace(
            device, Unroll == TorchUnrolling.Device || (Unroll == TorchUnrolling.Auto && device != TorchDevice.Cpu));
        place.Ready();
        var task = CreateTask();
        task.Place = place;
        TorchTaskCheck.Run(task);
        return task;
    }

    /// <summary>Makes the task, with its data.</summary>
    protected abstract TorchTask CreateTask();
}
