namespace Involute.Host.Watching;

/// <summary>
/// Columns of any number of rows in a bounded number of buckets, for charts that grow: a bucket has one row, and when there are too
/// many, two neighbours become one. It keeps the mean, the lowest and the highest value of each column.
/// </summary>
/// <param name="columns">Number of columns, beside the axis.</param>
internal sealed class CurveBuckets(int columns)
{
    /// <summary>More than which there never are.</summary>
    public const int Most = 1024;

    private readonly double[] _x = new double[Most];
    private readonly Bucket[][] _values = [.. Enumerable.Range(0, columns).Select(_ => new Bucket[Most])];
    private int _inLast;

    /// <summary>How many buckets there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them do not change any more, until all are put together.</summary>
    public int Complete => _inLast == RowsEach ? Count : Math.Max(0, Count - 1);

    /// <summary>Rows of a bucket.</summary>
    public int RowsEach { get; private set; } = 1;

    /// <summary>Rows that were added.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="x">Its place on the axis; ascends.</param>
    /// <param name="row">Its values; what is not finite does not count.</param>
    public void Add(double x, ReadOnlySpan<double> row)
    {
        if (_inLast == RowsEach && Count == Most)
        {
            Halve();
        }

        if (Count == 0 || _inLast == RowsEach)
        {
            (Count, _inLast) = (Count + 1, 0);
        }

        _x[Count - 1] = x;
        for (var column = 0; column < columns; column++)
        {
            ref var bucket = ref _values[column][Count - 1];
            bucket = (_inLast == 0 ? Bucket.Empty : bucket).With(Bucket.Of(row[column]));
        }

        _inLast++;
        Rows++;
    }

    /// <summary>The place of a bucket: that of its last row.</summary>
    public double X(int bucket) => _x[bucket];

    /// <summary>What a bucket has of a column; NaN where it has nothing.</summary>
    public (double Mean, double Low, double High) this[int column, int bucket]
    {
        get
        {
            var it = _values[column][bucket];
            return it.Count == 0 ? (double.NaN, double.NaN, double.NaN) : (it.Sum / it.Count, it.Low, it.High);
        }
    }

    private void Halve()
    {
        for (var i = 0; i < Most / 2; i++)
        {
            _x[i] = _x[(2 * i) + 1];
            foreach (var values in _values)
            {
                values[i] = values[2 * i].With(values[(2 * i) + 1]);
            }
        }

        Count = Most / 2;
        RowsEach *= 2;
        _inLast = RowsEach;
    }

    private readonly record struct Bucket(long Count, double Sum, double Low, double High)
    {
        public static Bucket Empty => new(0, 0, double.PositiveInfinity, double.NegativeInfinity);

        public static Bucket Of(double value) => double.IsFinite(value) ? new(1, value, value, value) : Empty;

        public Bucket With(Bucket next) => new(
            Count + next.Count, Sum + next.Sum, Math.Min(Low, next.Low), Math.Max(High, next.High));
    }
}
