namespace Involute.Tasks.Optimizers;

/// <summary>Names for the parts of an optimizer's state that have one value per inner parameter.</summary>
internal static class StateSlots
{
    /// <summary>One slice per inner tensor, of its shape, called <c>slot/tensor</c>.</summary>
    public static IEnumerable<TensorSlice> Like(IReadOnlyList<TensorSlice> parameters, string slot, int offset) =>
        parameters.Select(tensor => new TensorSlice($"{slot}/{tensor.Name}", offset + tensor.Offset, tensor.Shape));
}
