namespace Involute.Tasks.Images;

/// <summary>Resizes byte images by bilinear interpolation with half-pixel centres and without anti-aliasing.</summary>
/// <remarks>
/// Target pixel i samples the source at (i + ½) · source / target − ½: 1.25, 4.75, …, 25.75 for 28 to 8. This is what
/// the reference system's data pipeline does (learned_optimization, datasets/base.py), except that it keeps fractions
/// of a grey level: here the value is rounded to the nearest byte, ties to even, an error of at most ½ / 255 of the
/// range.
/// </remarks>
public sealed class BilinearResampling
{
    private readonly int _sourceWidth;
    private readonly Sample[] _rows;
    private readonly Sample[] _columns;

    /// <summary>Prepares the sample positions.</summary>
    public BilinearResampling(int sourceHeight, int sourceWidth, int targetHeight, int targetWidth)
    {
        _sourceWidth = sourceWidth;
        _rows = Samples(sourceHeight, targetHeight);
        _columns = Samples(sourceWidth, targetWidth);
    }

    private readonly record struct Sample(int Before, int After, double Fraction);

    /// <summary>Resizes one image.</summary>
    /// <param name="source">[source height, source width].</param>
    /// <param name="target">[target height, target width].</param>
    public void Run(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var i = 0;
        foreach (var row in _rows)
        {
            var upper = source.Slice(row.Before * _sourceWidth, _sourceWidth);
            var lower = source.Slice(row.After * _sourceWidth, _sourceWidth);
            foreach (var column in _columns)
            {
                var top = Between(upper[column.Before], upper[column.After], column.Fraction);
                var bottom = Between(lower[column.Before], lower[column.After], column.Fraction);
                target[i++] = (byte)Math.Round(Between(top, bottom, row.Fraction));
            }
        }
    }

    private static double Between(double before, double after, double fraction) =>
        before + ((after - before) * fraction);

    private static Sample[] Samples(int source, int target)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(target);
        var samples = new Sample[target];
        for (var i = 0; i < target; i++)
        {
            var position = ((i + 0.5) * source / target) - 0.5;
            var before = Math.Floor(position);
            samples[i] = new Sample(
                Math.Clamp((int)before, 0, source - 1), Math.Clamp((int)before + 1, 0, source - 1), position - before);
        }

        return samples;
    }
}
