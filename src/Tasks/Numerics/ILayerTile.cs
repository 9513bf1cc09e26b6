namespace Involute.Tasks.Numerics;

/// <summary>How many rows a tile has; a type, so that each number has code of its own.</summary>
internal interface ITileRows
{
    /// <summary>1 to 6.</summary>
    static abstract int Count { get; }
}

/// <summary>The sums of <see cref="LayerProduct"/> that live in registers at a time: some rows by some columns.</summary>
/// <remarks>
/// It runs in a method of its own that contains nothing else: in a large one the compiler spills the sums to memory.
/// </remarks>
internal unsafe interface ILayerTile
{
    /// <summary>Most rows of a tile.</summary>
    static abstract int MaxRows { get; }

    /// <summary>C[r, c] = finish(start[r, c] + Σ_t A[r, t] · B[t, c]), for several tiles of rows, one below the other.</summary>
    /// <param name="tiles">Number of tiles.</param>
    /// <param name="a">A[0, 0].</param>
    /// <param name="aRow">Floats from one row of A to the next.</param>
    /// <param name="aStep">Floats from A[r, t] to A[r, t + 1].</param>
    /// <param name="b">B[0, 0].</param>
    /// <param name="bPanel">Floats from one panel of B to the next, where a tile is broader than one.</param>
    /// <param name="bStep">Floats from one t to the next.</param>
    /// <param name="c">C[0, 0].</param>
    /// <param name="cRow">Floats from one row of C, and of the gate, to the next.</param>
    /// <param name="start">What the sums start with; null for zeros.</param>
    /// <param name="startRow">Floats from one row of it to the next.</param>
    /// <param name="gate">Laid out as C; null where the finish reads none.</param>
    /// <param name="depth">Terms of a sum.</param>
    /// <typeparam name="TRows">Rows of a tile, at most <see cref="MaxRows"/>.</typeparam>
    /// <typeparam name="TFinish">Applied to the sums.</typeparam>
    static abstract void Run<TRows, TFinish>(
        int tiles, float* a, nint aRow, nint aStep, float* b, nint bPanel, nint bStep, float* c, nint cRow, float* start,
        nint startRow, float* gate, int depth)
        where TRows : struct, ITileRows
        where TFinish : struct, ILayerFinish;
}
