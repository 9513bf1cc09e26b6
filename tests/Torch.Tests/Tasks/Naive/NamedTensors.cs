using Involute.Tasks;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>A task's flat parameters in double, by the names of its tensors.</summary>
/// <param name="layout">Names and places.</param>
/// <param name="values">As the layout places them; may be changed between losses.</param>
internal sealed class NamedTensors(IReadOnlyList<TensorSlice> layout, double[] values)
{
    private readonly Dictionary<string, TensorSlice> _slices = layout.ToDictionary(slice => slice.Name);

    /// <summary>The elements of a tensor, row by row.</summary>
    public ReadOnlySpan<double> this[string name] => values.AsSpan(_slices[name].Offset, _slices[name].Length);
}
