using System.Runtime.CompilerServices;

namespace Involute.Host.Reporting;

/// <summary>
/// Columns of any number of rows in a bounded number: once there are too many, neighbouring rows share a bucket, of which
/// the lowest and the highest value of each column are kept, in their order.
/// </summary>
/// <param name="columns">Number of columns; the first one ascends.</param>
internal sealed class ThinnedColumns(int columns)
{
    /// <summary>Rows up to which all are kept, and more than which there never are.</summary>
    public const int MostRows = 4096;

    private readonly Bucket[][] _buckets =
        [.. Enumerable.Range(0, columns).Select(_ => new Bucket[MostRows])];

    private int _count;
    private int _inLast;
    private int _perBucket = 1;

    /// <summary>Rows that were added.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether rows share buckets.</summary>
    public bool IsThinned => _perBucket > 1;

    /// <summary>Rows that share a bucket.</summary>
    public int RowsPerBucket => _perBucket;

    /// <summary>Adds a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<double> row)
    {
        while (_inLast == _perBucket && _count == (IsThinned ? MostRows / 2 : MostRows))
        {
            Halve();
        }

        if (_count == 0 || _inLast == _perBucket)
        {
            (_count, _inLast) = (_count + 1, 0);
        }

        for (var column = 0; column < columns; column++)
        {
            var value = Bucket.Of(row[column], Rows);
            ref var bucket = ref _buckets[column][_count - 1];
            bucket = _inLast == 0 ? value : bucket.With(value);
        }

        _inLast++;
        Rows++;
    }

    /// <summary>The values of a column: one of each row, or two of each bucket.</summary>
    public double[] Column(int column) => IsThinned
        ? [.. _buckets[column].Take(_count).SelectMany(bucket => bucket.InOrder)]
        : [.. _buckets[column].Take(_count).Select(bucket => bucket.Low)];

    /// <summary>The means of a column: one of each bucket, NaN where nothing is finite.</summary>
    public double[] Means(int column) => [.. _buckets[column].Take(_count).Select(bucket => bucket.Mean)];

    // Two buckets become one.
    private void Halve()
    {
        foreach (var buckets in _buckets)
        {
            for (var i = 0; i < _count / 2; i++)
            {
                buckets[i] = buckets[2 * i].With(buckets[(2 * i) + 1]);
            }
        }

        _count /= 2;
        _perBucket *= 2;
        _inLast = _perBucket;
    }

    private readonly record struct Bucket(double Low, double High, long LowAt, long HighAt, double Sum, long Finite)
    {
        public IEnumerable<double> InOrder => LowAt <= HighAt ? [Low, High] : [High, Low];

        public double Mean => Finite > 0 ? Sum / Finite : double.NaN;

        public static Bucket Of(double value, long row) =>
            double.IsFinite(value) ? new(value, value, row, row, value, 1) : new(value, value, row, row, 0, 0);

        // What is not a number gives way to what is one.
        public Bucket With(Bucket next)
        {
            var wider = double.IsNaN(Low) ? next
                : double.IsNaN(next.Low) ? this
                : this with
                {
                    Low = Math.Min(Low, next.Low),
                    High = Math.Max(High, next.High),
                    LowAt = next.Low < Low ? next.LowAt : LowAt,
                    HighAt = next.High > High ? next.HighAt : HighAt,
                };
            return wider with { Sum = Sum + next.Sum, Finite = Finite + next.Finite };
        }
    }
}
