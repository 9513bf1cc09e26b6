namespace Involute.Tasks;

/// <summary>A named, shaped slice of a flat vector; elements in row-major order.</summary>
/// <param name="Name">Name, unique within its layout, e.g. <c>mlp/w0</c>.</param>
/// <param name="Offset">Index of the first element in the flat vector.</param>
/// <param name="Shape">Sizes; empty for a scalar.</param>
public sealed record TensorSlice(string Name, int Offset, IReadOnlyList<int> Shape)
{
    /// <summary>Number of elements: the product of the shape, 1 for a scalar.</summary>
    public int Length { get; } = Shape.Aggregate(1, (product, size) => checked(product * size));
}

/// <summary>How the flat theta divides into named tensors, for export, norms and plots.</summary>
public sealed class ThetaLayout
{
    /// <summary>Lays the tensors one behind the other.</summary>
    /// <exception cref="ArgumentException">No tensor, a repeated name, or a size below 1.</exception>
    public ThetaLayout(params (string Name, int[] Shape)[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Slices = LayOut(tensors);
        Length = Slices[^1].Offset + Slices[^1].Length;
    }

    /// <summary>The tensors, in the order of the flat vector.</summary>
    public IReadOnlyList<TensorSlice> Slices { get; }

    /// <summary>Length of theta.</summary>
    public int Length { get; }

    /// <summary>The slice of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public TensorSlice this[string name] =>
        Slices.FirstOrDefault(slice => slice.Name == name)
        ?? throw new KeyNotFoundException(
            $"theta has no tensor '{name}'; it has {string.Join(", ", Slices.Select(s => s.Name))}");

    /// <summary>Lays named shapes one behind the other; also used for the inner parameters of a task.</summary>
    public static IReadOnlyList<TensorSlice> LayOut(IReadOnlyList<(string Name, int[] Shape)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var slices = new List<TensorSlice>(tensors.Count);
        var offset = 0;
        foreach (var (name, shape) in tensors)
        {
            if (shape.Any(size => size < 1) || slices.Any(slice => slice.Name == name))
            {
                throw new ArgumentException($"tensor '{name}' has an empty dimension or a name that is taken");
            }

            slices.Add(new TensorSlice(name, offset, shape));
            offset = checked(offset + slices[^1].Length);
        }

        return slices.Count > 0 ? slices : throw new ArgumentException("a layout needs at least one tensor");
    }
}
