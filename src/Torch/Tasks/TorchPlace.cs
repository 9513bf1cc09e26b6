using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>Where a task computes.</summary>
/// <param name="Device">Where its tensors are.</param>
/// <param name="UpdatesByTorch">Whether torch updates the inner parameters too (<see cref="DeviceUnroll"/>).</param>
internal sealed record TorchPlace(TorchDevice Device, bool UpdatesByTorch)
{
    /// <summary>The processor, with the program's own optimizers.</summary>
    public static TorchPlace Host { get; } = new(TorchDevice.Cpu, UpdatesByTorch: false);

    /// <summary>As libtorch has it. Loads what it needs.</summary>
    /// <exception cref="Native.TorchUnavailableException">It cannot be used here.</exception>
    public Device Ready() => Device.Ready();
}
