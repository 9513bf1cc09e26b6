using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Involute.Tasks.Numerics;

/// <summary>Σ x², in double, with the same bits on every machine.</summary>
/// <remarks>
/// Numbers are summed in blocks, one block after the other; in a block number i goes to partial sum i mod 16, for
/// every vector width. The square of a float is exact in a double and does not overflow, so a fused multiply-add has the
/// bits of a multiplication and an addition.
/// </remarks>
internal static unsafe class SquareSum
{
    /// <summary>Numbers of a block.</summary>
    public const int Block = 64;

    /// <summary>Partial sums of a block.</summary>
    public const int Partials = 16;

    private const int Rows = 4;

    /// <summary>Of each of some rows.</summary>
    /// <param name="values">[<paramref name="rows"/> × <paramref name="stride"/>].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="count">Numbers of a row.</param>
    /// <param name="sums">Receives [<paramref name="rows"/>].</param>
    public static void OfRows(float* values, nint stride, int rows, int count, double* sums)
    {
        for (var row = 0; row < rows; row++, values += stride)
        {
            sums[row] = OfRow(values, count);
        }
    }

    /// <summary>Of one block whose groups of sixteen stand in several places.</summary>
    /// <param name="values">Where places are counted from.</param>
    /// <param name="places">[<paramref name="groups"/>].</param>
    /// <param name="groups">At most 4.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OfGroups(float* values, int* places, int groups)
    {
        var block = stackalloc float[Block];
        for (var group = 0; group < groups; group++)
        {
            var from = values + places[group];
            Vector256.Load(from).Store(block + (group * Partials));
            Vector256.Load(from + (Partials / 2)).Store(block + (group * Partials) + (Partials / 2));
        }

        return Total(Quarters(block, block + (groups * Partials)));
    }

    /// <summary>Of one block of doubles that are floats, whole sixteens of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OfDoubles(double* values, int count)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var end = values + count; values < end; values += Partials)
        {
            s0 = AddSquare(s0, values);
            s1 = AddSquare(s1, values + 4);
            s2 = AddSquare(s2, values + 8);
            s3 = AddSquare(s3, values + 12);
        }

        return Total((s0 + s1) + (s2 + s3));
    }

    /// <summary>Of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OfRow(float* values, int count)
    {
        var sum = 0.0;

        // Four blocks at a time: their partial sums come together as four rows' do.
        for (; count >= Rows * Block; count -= Rows * Block, values += Rows * Block)
        {
            var totals = Totals(
                Quarters(values, values + Block), Quarters(values + Block, values + (2 * Block)),
                Quarters(values + (2 * Block), values + (3 * Block)), Quarters(values + (3 * Block), values + (4 * Block)));
            sum = sum + totals[0] + totals[1] + totals[2] + totals[3];
        }

        for (; count >= Block; count -= Block, values += Block)
        {
            sum += Total(Quarters(values, values + Block));
        }

        return count > 0 ? sum + OfRest(values, count) : sum;
    }

    /// <summary>Adds one block of each of some rows to their sums.</summary>
    /// <param name="values">[<paramref name="rows"/> × <paramref name="stride"/>].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="count">
    /// Numbers of the block, at most <see cref="Block"/>; zeros follow them up to a multiple of 16.
    /// </param>
    /// <param name="sums">[<paramref name="rows"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddBlocks(float* values, nint stride, int rows, int count, double* sums)
    {
        var padded = (count + Partials - 1) / Partials * Partials;
        for (; rows >= Rows; rows -= Rows, sums += Rows)
        {
            var q0 = Quarters(values, values + padded);
            values += stride;
            var q1 = Quarters(values, values + padded);
            values += stride;
            var q2 = Quarters(values, values + padded);
            values += stride;
            var q3 = Quarters(values, values + padded);
            values += stride;
            (Vector256.Load(sums) + Totals(q0, q1, q2, q3)).Store(sums);
        }

        for (; rows > 0; rows--, sums++, values += stride)
        {
            *sums += Total(Quarters(values, values + padded));
        }
    }

    /// <summary>What a block's sixteen partial sums, four in each, come to, for three rows; the fourth is another's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Totals(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Totals(a, b, c, c);

    /// <summary>Adds the squares of four floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Add(Vector256<double> sums, Vector128<float> values)
    {
        var wide = Widened(values);
        return Vector256.MultiplyAddEstimate(wide, wide, sums);
    }

    /// <summary>Adds the squares of eight floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Add(Vector512<double> sums, Vector256<float> values)
    {
        var wide = Avx512F.ConvertToVector512Double(values);
        return Vector512.FusedMultiplyAdd(wide, wide, sums);
    }

    /// <summary>The first half and the second one, added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Halves(Vector512<double> sums) => sums.GetLower() + sums.GetUpper();

    /// <summary>Four floats as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Widened(Vector128<float> values) => Avx.IsSupported
        ? Avx.ConvertToVector256Double(values)
        : Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values));

    /// <inheritdoc cref="Widened(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Widened(float* values) => Avx.IsSupported
        ? Avx.ConvertToVector256Double(Vector128.Load(values)) // from memory: as widening a register, at half the cost
        : Vector256.Create(Vector128.WidenLower(Vector128.Load(values)), Vector128.WidenUpper(Vector128.Load(values)));

    // Of a block that is not full.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double OfRest(float* values, int count)
    {
        var rest = stackalloc float[Block];
        new Span<float>(rest, Block).Clear();
        new ReadOnlySpan<float>(values, count).CopyTo(new Span<float>(rest, count));
        return Total(Quarters(rest, rest + Block));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Quarters(float* values, float* end)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<double> s01 = default, s23 = default;
            for (; values < end; values += Partials)
            {
                s01 = Add(s01, Vector256.Load(values));
                s23 = Add(s23, Vector256.Load(values + (Partials / 2)));
            }

            return Halves(s01) + Halves(s23);
        }

        var s0 = Vector256<double>.Zero;
        Vector256<double> s1 = s0, s2 = s0, s3 = s0;
        for (; values < end; values += Partials)
        {
            var x0 = Widened(values);
            var x1 = Widened(values + 4);
            var x2 = Widened(values + 8);
            var x3 = Widened(values + 12);
            s0 = Vector256.MultiplyAddEstimate(x0, x0, s0);
            s1 = Vector256.MultiplyAddEstimate(x1, x1, s1);
            s2 = Vector256.MultiplyAddEstimate(x2, x2, s2);
            s3 = Vector256.MultiplyAddEstimate(x3, x3, s3);
        }

        return (s0 + s1) + (s2 + s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> AddSquare(Vector256<double> sums, double* values) =>
        Vector256.MultiplyAddEstimate(Vector256.Load(values), Vector256.Load(values), sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Total(Vector256<double> q) => (q[0] + q[1]) + (q[2] + q[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Totals(
        Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d)
    {
        if (!Avx.IsSupported)
        {
            return Vector256.Create(Total(a), Total(b), Total(c), Total(d));
        }

        var ab = Avx.HorizontalAdd(a, b);
        var cd = Avx.HorizontalAdd(c, d);
        return Avx.Permute2x128(ab, cd, 0x20) + Avx.Permute2x128(ab, cd, 0x31);
    }
}
