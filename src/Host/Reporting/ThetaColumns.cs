using System.Globalization;
using System.Text;
using Involute.Tasks;

namespace Involute.Host.Reporting;

/// <summary>The columns of metrics.csv that show a tensor of theta.</summary>
/// <remarks>
/// A scalar and a short vector stand value by value; of a matrix or a longer vector there is the mean of the absolute
/// values.
/// </remarks>
internal sealed class ThetaColumns
{
    /// <summary>Elements of the longest vector that stands value by value.</summary>
    public const int LongestVector = 64;

    /// <summary>What the name of a column begins with that has a value of theta.</summary>
    public const string Value = "theta/";

    /// <summary>What the name of a column begins with that has a mean of absolute values.</summary>
    public const string MeanAbsolute = "theta_mean_abs/";

    private readonly TensorSlice _slice;
    private readonly bool _isMean;

    private ThetaColumns(TensorSlice slice, int longestVector)
    {
        _slice = slice;
        _isMean = slice.Length > 1 && (slice.Shape.Count > 1 || slice.Length > longestVector);

        // The task's author chooses the names; a comma or a line end in one would shift every column after it.
        var name = string.Concat(slice.Name.Select(c => c is ',' or '"' || char.IsControl(c) ? '_' : c));
        Names = _isMean ? [MeanAbsolute + name]
            : slice.Length == 1 ? [Value + name]
            : [.. Enumerable.Range(0, slice.Length).Select(i => string.Create(
                CultureInfo.InvariantCulture, $"{Value}{name}[{i}]"))];
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The columns of each tensor.</summary>
    public static IReadOnlyList<ThetaColumns> Of(ThetaLayout layout) => Of(layout, LongestVector);

    /// <summary>Those that versions before 0.3 wrote: of vectors the means.</summary>
    public static IReadOnlyList<ThetaColumns> OfEarlierVersions(ThetaLayout layout) => Of(layout, longestVector: 1);

    /// <summary>Whether a column has an element of a vector, and which.</summary>
    /// <param name="column">Its name.</param>
    /// <returns>
    /// The name of the vector's columns without the element, and the element; null for another column.
    /// </returns>
    public static (string Vector, int Element)? ElementOf(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var bracket = column.LastIndexOf('[');
        return bracket > Value.Length && column.StartsWith(Value, StringComparison.Ordinal) && column.EndsWith(']')
            && int.TryParse(
                column.AsSpan((bracket + 1)..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var element)
            ? (column[..bracket], element)
            : null;
    }

    /// <summary>Appends a comma and a number for each column.</summary>
    public void Append(StringBuilder row, ReadOnlySpan<float> theta)
    {
        ArgumentNullException.ThrowIfNull(row);
        var values = theta.Slice(_slice.Offset, _slice.Length);
        if (_isMean)
        {
            row.Append(CultureInfo.InvariantCulture, $",{Mean(values)}");
            return;
        }

        foreach (var value in values)
        {
            row.Append(CultureInfo.InvariantCulture, $",{value}");
        }
    }

    private static IReadOnlyList<ThetaColumns> Of(ThetaLayout layout, int longestVector)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return [.. layout.Slices.Select(slice => new ThetaColumns(slice, longestVector))];
    }

    /// <summary>The mean of absolute values.</summary>
    public static double Mean(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += Math.Abs((double)value);
        }

        return sum / values.Length;
    }
}
