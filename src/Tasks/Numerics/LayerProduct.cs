using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>
/// The product behind a layer whose examples are rows: C[r, c] = start[r, c] + Σ_t A[r, t] · B[t, c], then a finish.
/// </summary>
/// <remarks>
/// <para>A is read one number at a time through two strides, so it may be transposed. B, C and the start are read and
/// written in vectors along c, in panels of sixteen columns that lie anywhere. Sums live in registers:
/// <see cref="ILayerTile"/>.</para>
/// <para>Each element is one chain of fused multiply-adds in the order of t, also where it is stored and read again
/// between two stretches of a long sum. Its bits depend neither on the tile it falls into nor on the vector width.</para>
/// </remarks>
internal unsafe struct LayerProduct
{
    /// <summary>Columns of a panel of B.</summary>
    public const int Panel = 16;

    // Terms of a stretch: two panels of B and the rows of A that they meet stay in a first-level cache of 32 KiB.
    private const int Stretch = 128;

    // Rows that meet one panel of B after the other: they come from the second-level cache each time, and from behind it once.
    private const int RowBlock = 96;

    // Tiles of the last columns that are computed before they are copied.
    private const int ScratchTiles = 8;

    /// <summary>Left factor.</summary>
    public float* A { get; set; }

    /// <summary>Floats from one row of A to the next.</summary>
    public nint ARow { get; set; }

    /// <summary>Floats from A[r, t] to A[r, t + 1].</summary>
    public nint AStep { get; set; }

    /// <summary>Right factor; sixteen columns of one t are contiguous, and readable in the last panel too.</summary>
    public float* B { get; set; }

    /// <summary>Floats from B[t, c] to B[t + 1, c].</summary>
    public nint BStep { get; set; }

    /// <summary>Floats from one panel of B to the next.</summary>
    public nint BPanel { get; set; }

    /// <summary>Result; its elements of one row are contiguous.</summary>
    public float* C { get; set; }

    /// <summary>Floats from one row of C, and of the gate, to the next.</summary>
    public nint CRow { get; set; }

    /// <summary>What the sums start with, possibly C itself; readable up to a whole panel. Null for 0.</summary>
    public float* Start { get; set; }

    /// <summary>Floats from one row of the start to the next; 0 where all rows start with the same.</summary>
    public nint StartRow { get; set; }

    /// <summary>Read by the finish, laid out as C and possibly C itself; null where it reads none.</summary>
    public float* Gate { get; set; }

    /// <summary>Rows of A and C.</summary>
    public int Rows { get; set; }

    /// <summary>Columns of C. Nothing behind the last one is written.</summary>
    public int Columns { get; set; }

    /// <summary>Number of terms in each sum, at least 1.</summary>
    public int Depth { get; set; }

    /// <summary>Computes the product.</summary>
    /// <typeparam name="TFinish">Applied to the sums. A gate needs a multiple of sixteen columns.</typeparam>
    public readonly void Run<TFinish>()
        where TFinish : struct, ILayerFinish => Run<TFinish>(Vector512.IsHardwareAccelerated);

    /// <summary>Computes the product.</summary>
    /// <param name="wide">Whether to use registers of sixteen floats where there are columns enough.</param>
    public readonly void Run<TFinish>(bool wide)
        where TFinish : struct, ILayerFinish
    {
        // A gate may be C itself, which sums of a stretch would overwrite: it is read when the whole sum is there.
        var first = 0;
        for (; Gate is null && first + Stretch < Depth; first += Stretch)
        {
            Terms<Linear>(first, Stretch, wide);
        }

        Terms<TFinish>(first, Depth - first, wide);
    }

    private readonly void Terms<TFinish>(int first, int depth, bool wide)
        where TFinish : struct, ILayerFinish
    {
        for (int row = 0, end; row < Rows; row = end)
        {
            // Rows at the end that are less than a block belong to the one before.
            end = Rows - row < 2 * RowBlock ? Rows : row + RowBlock;
            var column = 0;
            for (; column + (2 * Panel) <= Columns; column += 2 * Panel)
            {
                if (wide)
                {
                    Strip<TallTile<Floats16, Vector512<float>>, TFinish>(row, end, column, first, depth);
                }
                else
                {
                    Strip<BroadTile<Floats8, Vector256<float>>, TFinish>(row, end, column, first, depth);
                }
            }

            for (; column + Panel <= Columns; column += Panel)
            {
                Strip<TallTile<Floats8, Vector256<float>>, TFinish>(row, end, column, first, depth);
            }

            if (column < Columns)
            {
                NarrowStrip<TallTile<Floats8, Vector256<float>>, TFinish>(row, end, column, first, depth);
            }
        }
    }

    private readonly void Strip<TTile, TFinish>(int row, int end, int column, int first, int depth)
        where TTile : struct, ILayerTile
        where TFinish : struct, ILayerFinish
    {
        while (row < end)
        {
            // Sums of a stretch start where the last one has left them.
            var (rows, tiles) = NextTiles(end - row, TTile.MaxRows);
            var offset = (row * CRow) + column;
            Tiles<TTile, TFinish>(
                rows, tiles, row, column, first, depth, C + offset, CRow,
                first > 0 ? C + offset : StartOf(row, column), first > 0 ? CRow : StartRow,
                Gate is null ? null : Gate + offset);
            row += rows * tiles;
        }
    }

    // The last columns: whole tiles in a scratch area, of which the columns that exist are copied.
    private readonly void NarrowStrip<TTile, TFinish>(int row, int end, int column, int first, int depth)
        where TTile : struct, ILayerTile
        where TFinish : struct, ILayerFinish
    {
        var scratch = stackalloc float[ScratchTiles * TTile.MaxRows * Panel];
        var bytes = (Columns - column) * sizeof(float);
        while (row < end)
        {
            var (rows, tiles) = NextTiles(end - row, TTile.MaxRows);
            tiles = Math.Min(tiles, ScratchTiles);
            var c = C + (row * CRow) + column;
            for (var r = 0; first > 0 && r < rows * tiles; r++)
            {
                Buffer.MemoryCopy(c + (r * CRow), scratch + (r * Panel), bytes, bytes);
            }

            Tiles<TTile, TFinish>(
                rows, tiles, row, column, first, depth, scratch, Panel,
                first > 0 ? scratch : StartOf(row, column), first > 0 ? Panel : StartRow, null);
            for (var r = 0; r < rows * tiles; r++)
            {
                Buffer.MemoryCopy(scratch + (r * Panel), c + (r * CRow), bytes, bytes);
            }

            row += rows * tiles;
        }
    }

    private readonly float* StartOf(int row, int column) =>
        Start is null ? null : Start + (row * StartRow) + column;

    // As many of the largest tiles as there are rows for. Rows that are left over are a tile of their own if they are half of
    // one; else they and the last tile make two halves: a tile of few rows waits for its own sums.
    private static (int Rows, int Tiles) NextTiles(int left, int most)
    {
        var (tiles, rest) = Math.DivRem(left, most);
        if (tiles == 0)
        {
            return (left, 1);
        }

        if (rest == 0 || 2 * rest >= most)
        {
            return (most, tiles);
        }

        return tiles > 1 ? (most, tiles - 1) : ((left + 1) / 2, left % 2 == 0 ? 2 : 1);
    }

    private readonly void Tiles<TTile, TFinish>(
        int rows, int tiles, int row, int column, int first, int depth, float* c, nint cRow, float* start, nint startRow,
        float* gate)
        where TTile : struct, ILayerTile
        where TFinish : struct, ILayerFinish
    {
        var a = A + (row * ARow) + (first * AStep);
        var b = B + (column / Panel * BPanel) + (first * BStep);
        switch (rows)
        {
            case 6 when TTile.MaxRows >= 6:
                TTile.Run<Rows6, TFinish>(
                    tiles, a, ARow, AStep, b, BPanel, BStep, c, cRow, start, startRow, gate, depth);
                break;
            case 5 when TTile.MaxRows >= 5:
                TTile.Run<Rows5, TFinish>(
                    tiles, a, ARow, AStep, b, BPanel, BStep, c, cRow, start, startRow, gate, depth);
                break;
            case 4 when TTile.MaxRows >= 4:
                TTile.Run<Rows4, TFinish>(
                    tiles, a, ARow, AStep, b, BPanel, BStep, c, cRow, start, startRow, gate, depth);
                break;
            case 3:
                TTile.Run<Rows3, TFinish>(
                    tiles, a, ARow, AStep, b, BPanel, BStep, c, cRow, start, startRow, gate, depth);
                break;
            case 2:
                TTile.Run<Rows2, TFinish>(
                    tiles, a, ARow, AStep, b, BPanel, BStep, c, cRow, start, startRow, gate, depth);
                break;
            default:
                TTile.Run<Rows1, TFinish>(
                    tiles, a, ARow, AStep, b, BPanel, BStep, c, cRow, start, startRow, gate, depth);
                break;
        }
    }

    private readonly struct Rows6 : ITileRows
    {
        public static int Count => 6;
    }

    private readonly struct Rows5 : ITileRows
    {
        public static int Count => 5;
    }

    private readonly struct Rows4 : ITileRows
    {
        public static int Count => 4;
    }

    private readonly struct Rows3 : ITileRows
    {
        public static int Count => 3;
    }

    private readonly struct Rows2 : ITileRows
    {
        public static int Count => 2;
    }

    private readonly struct Rows1 : ITileRows
    {
        public static int Count => 1;
    }
}
