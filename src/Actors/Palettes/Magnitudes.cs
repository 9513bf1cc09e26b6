namespace Involute.Actors.Palettes;

/// <summary>How large the numbers of a vector are.</summary>
/// <param name="Norm">Euclidean.</param>
/// <param name="MeanAbs">Mean magnitude.</param>
/// <param name="MaxAbs">Largest magnitude.</param>
internal readonly record struct Magnitudes(double Norm, double MeanAbs, double MaxAbs)
{
    /// <summary>Of some numbers.</summary>
    public static Magnitudes Of(ReadOnlySpan<float> values)
    {
        var (squares, sum, largest) = (0.0, 0.0, 0.0);
        foreach (var value in values)
        {
            var size = Math.Abs((double)value);
            squares += size * size;
            sum += size;
            largest = Math.Max(largest, size);
        }

        return new Magnitudes(Math.Sqrt(squares), sum / Math.Max(values.Length, 1), largest);
    }

    /// <summary>The Euclidean distance of two vectors of the same length.</summary>
    public static double Distance(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var squares = 0.0;
        for (var i = 0; i < one.Length; i++)
        {
            squares += ((double)one[i] - other[i]) * ((double)one[i] - other[i]);
        }

        return Math.Sqrt(squares);
    }
}
