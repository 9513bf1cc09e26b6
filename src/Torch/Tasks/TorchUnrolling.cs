using Involute.Tasks.Components;

namespace Involute.Torch.Tasks;

/// <summary>Where the learned optimizer updates the inner parameters of a torch task.</summary>
/// <remarks>It decides how numbers are rounded, and so belongs to the identity of a run.</remarks>
public enum TorchUnrolling
{
    /// <summary><see cref="Host"/> on the processor, <see cref="Device"/> on a card.</summary>
    [Word("host on cpu, device on a card")]
    Auto,

    /// <summary>By the SIMD kernels, lane by lane, on the memory that torch computes on.</summary>
    [Word("the program's own kernels update each lane; only on cpu")]
    Host,

    /// <summary>By torch, on all lanes at once; losses are read once per window.</summary>
    [Word("torch updates all lanes at once, and losses are read back once per window; on cpu it is slower, and for tests")]
    Device,
}
