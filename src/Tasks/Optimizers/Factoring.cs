namespace Involute.Tasks.Optimizers;

/// <summary>
/// How a tensor of rank 2 or more is averaged over its largest dimension (giving "rows") and over its second largest
/// ("columns"); of equal dimensions the later one counts as larger.
/// </summary>
/// <remarks>
/// In the order of the shape the two dimensions are X and Y, so an element has the place (a, x, b, y, c) with the other
/// dimensions merged into a, b and c. Both averages keep the order of what is left.
/// </remarks>
/// <param name="A">Product of the sizes before X.</param>
/// <param name="X">Size of the earlier of the two dimensions.</param>
/// <param name="B">Product of the sizes between.</param>
/// <param name="Y">Size of the later of the two.</param>
/// <param name="C">Product of the sizes after Y.</param>
/// <param name="LaterIsLargest">Whether Y is the largest, so that rows lack Y and columns lack X.</param>
internal readonly record struct Factoring(int A, int X, int B, int Y, int C, bool LaterIsLargest)
{
    /// <summary>Number of row averages.</summary>
    public int Rows => A * B * C * (LaterIsLargest ? X : Y);

    /// <summary>Number of column averages.</summary>
    public int Columns => A * B * C * (LaterIsLargest ? Y : X);

    /// <summary>Chooses the dimensions of a shape of rank 2 or more.</summary>
    public static Factoring Of(IReadOnlyList<int> shape)
    {
        var largest = LargestBut(shape, -1);
        var second = LargestBut(shape, largest);
        var (x, y) = (Math.Min(largest, second), Math.Max(largest, second));
        return new Factoring(
            Product(shape, 0, x), shape[x], Product(shape, x + 1, y), shape[y], Product(shape, y + 1, shape.Count),
            largest == y);
    }

    private static int LargestBut(IReadOnlyList<int> shape, int excluded)
    {
        var found = -1;
        for (var i = 0; i < shape.Count; i++)
        {
            if (i != excluded && (found < 0 || shape[i] >= shape[found]))
            {
                found = i;
            }
        }

        return found;
    }

    private static int Product(IReadOnlyList<int> shape, int from, int to)
    {
        var product = 1;
        for (var i = from; i < to; i++)
        {
            product *= shape[i];
        }

        return product;
    }
}
