namespace Involute.Processes.Frames;

/// <summary>One tensor of theta, as a child's greeting describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
/// <param name="Unit">Unit of its numbers; empty where there is none.</param>
internal sealed record ThetaTensor(string Name, int[] Shape, string Unit)
{
    /// <summary>By content.</summary>
    public bool Equals(ThetaTensor? other) =>
        other is not null && Name == other.Name && Unit == other.Unit && Shape.AsSpan().SequenceEqual(other.Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Unit, Shape.Length);
}
