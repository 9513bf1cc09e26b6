using Involute.Tasks.Components;

namespace Involute.Torch.Batching;

/// <summary>How a task's loss is computed for several lanes at once.</summary>
/// <remarks>It decides how numbers are rounded, and so belongs to the identity of a run.</remarks>
public enum TorchBatching
{
    /// <summary>
    /// By <c>lanes</c> if the task has it, else by <c>vmap</c> where libtorch offers it, else by <c>loop</c>.
    /// </summary>
    [Word("lanes if the task is written so, else vmap where it exists (Linux on x64), else loop")]
    Auto,

    /// <summary>functorch's vmap runs the loss of one lane for all of them.</summary>
    [Word("the loss of one lane, run for all lanes at once by functorch's vmap")]
    Vmap,

    /// <summary>The task's own loss with a leading dimension for the lanes.</summary>
    [Word("the task's loss with a leading dimension for the lanes")]
    Lanes,

    /// <summary>One lane after the other.</summary>
    [Word("one lane after the other: any loss works, and many lanes gain nothing")]
    Loop,
}
