namespace Involute.Tasks.Numerics;

/// <summary>The product behind every layer: C[r, c] = start[r] + Σ_t A[r, t] · B[t, c], then a finish.</summary>
/// <remarks>
/// <para>A is read one number at a time through two strides, so it may be transposed; B and C are read and written in
/// vectors along c. Sums live in registers, in tiles of six, four or one row by sixteen columns: twelve accumulators,
/// two vectors of B and one of A fill the sixteen registers of AVX2.</para>
/// <para>Each element is one chain of fused multiply-adds in the order of t. Its bits therefore depend neither on the
/// tile it falls into nor on the vector width, and another tiling may replace this one.</para>
/// </remarks>
public unsafe struct TileProduct
{
    /// <summary>Columns of a tile. Rows of B must be readable up to the next multiple of it.</summary>
    public const int TileColumns = 16;

    private const int MaxTileRows = 6;

    /// <summary>Left factor.</summary>
    public float* A { get; set; }

    /// <summary>Floats from one row of A to the next.</summary>
    public nint ARow { get; set; }

    /// <summary>Floats from A[r, t] to A[r, t + 1].</summary>
    public nint AStep { get; set; }

    /// <summary>Right factor; its elements of one t are contiguous.</summary>
    public float* B { get; set; }

    /// <summary>Floats from B[t, c] to B[t + 1, c].</summary>
    public nint BStep { get; set; }

    /// <summary>Result; its elements of one row are contiguous.</summary>
    public float* C { get; set; }

    /// <summary>Floats from one row of C (and of the gate) to the next.</summary>
    public nint CRow { get; set; }

    /// <summary>What each row's sums start with, one number per row; null for 0.</summary>
    public float* Start { get; set; }

    /// <summary>Read by the finish, laid out as C and possibly C itself; null where it reads none.</summary>
    public float* Gate { get; set; }

    /// <summary>Rows of A and C.</summary>
    public int Rows { get; set; }

    /// <summary>Columns of C. Nothing behind the last one is written.</summary>
    public int Columns { get; set; }

    /// <summary>Number of terms in each sum.</summary>
    public int Depth { get; set; }

    /// <summary>Computes the product.</summary>
    /// <typeparam name="TFinish">Applied to the sums. A gate needs a multiple of sixteen columns.</typeparam>
    public readonly void Run<TFinish>()
        where TFinish : struct, ITileFinish
    {
        // Columns outside: a strip of B, which may be large, stays in the first-level cache for all rows.
        var column = 0;
        for (; column + TileColumns <= Columns; column += TileColumns)
        {
            Strip<TFinish>(column);
        }

        if (column < Columns)
        {
            NarrowStrip<TFinish>(column);
        }
    }

    // Six rows where possible; tens and eights as 6 + 4 and 4 + 4, because a single row leaves the FMA units idle.
    private static int NextTile(int rowsLeft) => rowsLeft is 6 or 7 or >= 10 ? 6 : rowsLeft >= 4 ? 4 : 1;

    private readonly void Strip<TFinish>(int column)
        where TFinish : struct, ITileFinish
    {
        for (var row = 0; row < Rows;)
        {
            var offset = (row * CRow) + column;
            row += Tile<TFinish>(row, column, C + offset, CRow, Gate is null ? null : Gate + offset);
        }
    }

    // The last columns: whole tiles into a scratch area, of which the columns that exist are copied.
    private readonly void NarrowStrip<TFinish>(int column)
        where TFinish : struct, ITileFinish
    {
        var scratch = stackalloc float[MaxTileRows * TileColumns];
        var bytes = (Columns - column) * sizeof(float);
        for (var row = 0; row < Rows;)
        {
            var rows = Tile<TFinish>(row, column, scratch, TileColumns, null);
            for (var r = 0; r < rows; r++)
            {
                Buffer.MemoryCopy(scratch + (r * TileColumns), C + ((row + r) * CRow) + column, bytes, bytes);
            }

            row += rows;
        }
    }

    private readonly int Tile<TFinish>(int row, int column, float* c, nint cRow, float* gate)
        where TFinish : struct, ITileFinish
    {
        var a = A + (row * ARow);
        var start = Start is null ? null : Start + row;
        switch (NextTile(Rows - row))
        {
            case 6:
                Tiles.Rows6<TFinish>(a, ARow, AStep, B + column, BStep, c, cRow, start, gate, Depth);
                return 6;
            case 4:
                Tiles.Rows4<TFinish>(a, ARow, AStep, B + column, BStep, c, cRow, start, gate, Depth);
                return 4;
            default:
                Tiles.Rows1<TFinish>(a, AStep, B + column, BStep, c, start, gate, Depth);
                return 1;
        }
    }
}
