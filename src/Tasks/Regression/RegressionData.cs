using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Regression;

/// <summary>A table of features and targets in the four splits of meta-training, perhaps standardised.</summary>
/// <remarks>
/// <para>Its rows are divided by <see cref="RowSplits"/>.</para>
/// <para>Numbers stay float64 until they are standardised, and are then rounded to float32 once. Immutable.</para>
/// </remarks>
public sealed class RegressionData
{
    /// <summary>A split that is held out is the table divided by this.</summary>
    public const int Parts = RowSplits.Parts;

    private readonly float[] _features;
    private readonly float[] _targets;
    private readonly RowSplits _splits;

    /// <summary>Divides a table.</summary>
    /// <param name="columns">Number of columns, above <paramref name="targets"/>.</param>
    /// <param name="values">Rows × columns finite numbers, row by row; at least one row.</param>
    /// <param name="targets">How many columns at the end are targets, at least 1.</param>
    /// <param name="standardise">
    /// Whether every column is shifted and scaled to mean 0 and standard deviation 1 over the training rows; one that
    /// is constant there becomes 0 there and is not scaled.
    /// </param>
    /// <exception cref="ArgumentException">No features or targets, or not a whole number of rows.</exception>
    public RegressionData(int columns, ReadOnlySpan<double> values, int targets, bool standardise)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(targets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(columns, targets);
        if (values.IsEmpty || values.Length % columns != 0)
        {
            throw new ArgumentException($"{values.Length} values are no rows of {columns}", nameof(values));
        }

        (Rows, Features, Targets) = (values.Length / columns, columns - targets, targets);
        _splits = new RowSplits(Rows);
        _features = new float[Rows * Features];
        _targets = new float[Rows * Targets];
        var order = _splits.Order();
        var (_, trained) = _splits.Range(DataSplit.Train);
        for (var column = 0; column < columns; column++)
        {
            var (centre, scale) = standardise ? Moments(values, column, columns, order.AsSpan(0, trained)) : (0, 1);
            var (target, width, at) = column < Features
                ? (_features, Features, column) : (_targets, Targets, column - Features);
            for (var place = 0; place < Rows; place++)
            {
                target[(place * width) + at] = (float)((values[(order[place] * columns) + column] - centre) / scale);
            }
        }
    }

    /// <summary>Rows of all splits.</summary>
    public int Rows { get; }

    /// <summary>Columns that the prediction sees.</summary>
    public int Features { get; }

    /// <summary>Columns that are predicted.</summary>
    public int Targets { get; }

    /// <summary>Rows of the smallest split; 0 if the table has fewer than <see cref="Parts"/> rows.</summary>
    public int SmallestSplit => _splits.Smallest;

    /// <summary>Reads and divides a file, CSV or NPY, of at most 1 GiB.</summary>
    /// <param name="path">The file; its first bytes tell which format it has.</param>
    /// <param name="targets">How many columns at the end are targets, at least 1.</param>
    /// <param name="standardise">See the constructor.</param>
    /// <exception cref="DataFormatException">The file is missing, unreadable, or not what it should be.</exception>
    public static RegressionData Load(string path, int targets, bool standardise)
    {
        var table = NumberTable.Read(path);
        return table.Columns > targets
            ? new RegressionData(table.Columns, table.Values, targets, standardise)
            : throw new DataFormatException(
                path,
                $"no feature columns: {table.Columns} columns, and involute.task.targets is {targets}",
                $"at least {targets + 1} columns, features before targets");
    }

    /// <summary>Number of rows of a split.</summary>
    public int Count(DataSplit split) => _splits.Range(split).Count;

    /// <summary>[rows, features] of a split, row by row.</summary>
    public ReadOnlySpan<float> FeaturesOf(DataSplit split)
    {
        var (first, count) = _splits.Range(split);
        return _features.AsSpan(first * Features, count * Features);
    }

    /// <summary>[rows, targets] of a split, row by row.</summary>
    public ReadOnlySpan<float> TargetsOf(DataSplit split)
    {
        var (first, count) = _splits.Range(split);
        return _targets.AsSpan(first * Targets, count * Targets);
    }

    /// <summary>
    /// The least mean loss that predicting one constant for each target has over the training rows; 1 if that is 0.
    /// </summary>
    /// <param name="loss">What an error costs. The constants are the targets' means, or their medians.</param>
    public double ConstantLoss(RegressionLoss loss)
    {
        var rows = TargetsOf(DataSplit.Train);
        var column = new float[rows.Length / Targets];
        var sum = 0.0;
        for (var target = 0; target < Targets; target++)
        {
            for (var row = 0; row < column.Length; row++)
            {
                column[row] = rows[(row * Targets) + target];
            }

            Array.Sort(column);
            var constant = loss == RegressionLoss.Squared ? Mean(column) : column[column.Length / 2];
            foreach (var value in column)
            {
                var error = value - constant;
                sum += loss == RegressionLoss.Squared ? error * error : Math.Abs(error);
            }
        }

        return sum > 0 ? sum / rows.Length : 1;
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    // Mean and standard deviation. What is constant is told by its ends: rounding gives its deviation as tiny, not as
    // 0.
    private static (double Centre, double Scale) Moments(
        ReadOnlySpan<double> values, int column, int columns, ReadOnlySpan<int> rows)
    {
        var (least, most, sum) = (double.PositiveInfinity, double.NegativeInfinity, 0.0);
        foreach (var row in rows)
        {
            var value = values[(row * columns) + column];
            (least, most, sum) = (Math.Min(least, value), Math.Max(most, value), sum + value);
        }

        if (least == most)
        {
            return (least, 1);
        }

        var mean = sum / rows.Length;
        var squares = 0.0;
        foreach (var row in rows)
        {
            var distance = values[(row * columns) + column] - mean;
            squares += distance * distance;
        }

        // 0 if the squares are too small for a double.
        var deviation = Math.Sqrt(squares / rows.Length);
        return (mean, deviation > 0 ? deviation : 1);
    }
}
