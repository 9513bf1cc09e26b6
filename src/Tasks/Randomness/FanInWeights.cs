namespace Involute.Tasks.Randomness;

/// <summary>Initial weights of a linear layer: normal, truncated at ±2, divided by √inputs; biases 0.</summary>
/// <remarks>
/// Without correcting the variance, so the standard deviation is 0.8796 / √inputs: the default of the reference
/// system's layers.
/// </remarks>
internal static class FanInWeights
{
    /// <summary>Fills the matrices [inputs, outputs] of a layout, and clears all else of it.</summary>
    /// <remarks>Random number i belongs to element i of the flat vector.</remarks>
    public static void Fill(CounterStream stream, IReadOnlyList<TensorSlice> tensors, Span<float> values)
    {
        values[..(tensors[^1].Offset + tensors[^1].Length)].Clear();
        foreach (var weights in tensors.Where(tensor => tensor.Shape.Count == 2))
        {
            stream.Fill<float, TruncatedNormalQuantile>(
                weights.Offset, values.Slice(weights.Offset, weights.Length), 1 / Math.Sqrt(weights.Shape[0]));
        }
    }
}
