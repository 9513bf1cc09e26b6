namespace Involute.Tasks.Optimizers;

/// <summary>Numbers of a tensor's lines, places or elements: a table for each decay.</summary>
/// <param name="first">That of the first decay.</param>
/// <param name="stride">Floats from one to the next.</param>
internal readonly unsafe struct DecayTables(float* first, nint stride)
{
    /// <summary>The table of the first decay.</summary>
    public float* First { get; } = first;

    /// <summary>Floats from one table to the next.</summary>
    public nint Stride { get; } = stride;
}
