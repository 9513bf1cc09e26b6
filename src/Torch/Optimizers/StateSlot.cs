using Involute.Tasks;
using Involute.Tasks.Numerics;
using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary>One number per inner parameter in an optimizer's state, padded with zeros.</summary>
/// <param name="tensors">How the inner parameters divide into tensors.</param>
internal sealed class StateSlot(IReadOnlyList<TensorSlice> tensors)
{
    /// <summary>Inner parameters.</summary>
    public int Count { get; } = tensors[^1].Offset + tensors[^1].Length;

    /// <summary>Floats of a slot.</summary>
    public int Length { get; } = AlignedBuffer.Padded(tensors[^1].Offset + tensors[^1].Length);

    /// <summary>The first slots of a state, without padding.</summary>
    /// <param name="state">[lanes, state]</param>
    /// <param name="slots">Their number.</param>
    /// <returns>[lanes, slots, inner parameters]</returns>
    public Tensor Of(Tensor state, int slots) =>
        state.narrow(1, 0, (long)slots * Length).view(state.shape[0], slots, Length).narrow(2, 0, Count);

    /// <summary>The slots as they lie in a state.</summary>
    /// <param name="values">[lanes, slots, inner parameters]</param>
    /// <returns>[lanes, slots · length of a slot]</returns>
    public Tensor Flat(Tensor values) => Padded(values, Length).view(values.shape[0], -1);

    /// <summary>Numbers behind the slots as they lie in a state, where they are padded together.</summary>
    /// <param name="values">[lanes, numbers]</param>
    /// <returns>[lanes, numbers, padded to whole units]</returns>
    public static Tensor Tail(Tensor values) => Padded(values, AlignedBuffer.Padded((int)values.shape[1]));

    private static Tensor Padded(Tensor values, long length) =>
        nn.functional.pad(values, [0, length - values.shape[^1]]);
}
