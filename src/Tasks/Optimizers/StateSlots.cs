namespace Involute.Tasks.Optimizers;

/// <summary>Names for the parts of an optimizer's state.</summary>
internal static class StateSlots
{
    /// <summary>The number of updates so far.</summary>
    public const string Iteration = "iteration";

    /// <summary>One slice per inner tensor, of its shape, called <c>slot/tensor</c>.</summary>
    public static IEnumerable<TensorSlice> Like(IReadOnlyList<TensorSlice> parameters, string slot, int offset) =>
        parameters.Select(tensor => new TensorSlice($"{slot}/{tensor.Name}", offset + tensor.Offset, tensor.Shape));
}
