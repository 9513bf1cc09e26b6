namespace Involute.Tasks.Images;

/// <summary>Some neighbouring columns of a matrix [example, unit].</summary>
/// <param name="pointer">The first row's first of them.</param>
/// <param name="stride">Floats from one row to the next.</param>
/// <param name="first">Which column of the matrix that is.</param>
/// <param name="count">Number of columns.</param>
internal readonly unsafe struct ColumnBlock(float* pointer, int stride, int first, int count)
{
    /// <summary>The first row's first number.</summary>
    public float* Pointer { get; } = pointer;

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; } = stride;

    /// <summary>Which column of the matrix the block begins with, a multiple of sixteen.</summary>
    public int First { get; } = first;

    /// <summary>Number of columns.</summary>
    public int Count { get; } = count;
}
