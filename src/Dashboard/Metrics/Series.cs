using System.Diagnostics.Metrics;

namespace Involute.Dashboard.Metrics;

/// <summary>How a series is read.</summary>
internal enum SeriesKind
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A value of now.</summary>
    Gauge,

    /// <summary>A distribution.</summary>
    Histogram,
}

/// <summary>The measurements of an instrument under one set of labels.</summary>
internal sealed class Series
{
    /// <summary>Upper bounds of a distribution, in seconds: 1 ms to about 20 minutes.</summary>
    public static readonly IReadOnlyList<double> Bounds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1200];

    private readonly long[] _counts;
    private readonly bool _isSum;

    /// <param name="instrument">The instrument.</param>
    /// <param name="labels">Its labels, as they are written.</param>
    public Series(Instrument instrument, string labels)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        (Instrument, Labels) = (instrument, labels);
        var type = instrument.GetType().GetGenericTypeDefinition();
        Kind = type == typeof(Histogram<>) ? SeriesKind.Histogram
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? SeriesKind.Counter
            : SeriesKind.Gauge;
        _isSum = type == typeof(Counter<>) || type == typeof(UpDownCounter<>) || Kind == SeriesKind.Histogram;
        _counts = Kind == SeriesKind.Histogram ? new long[Bounds.Count + 1] : [];
    }

    private Series(Series other)
    {
        (Instrument, Labels, Kind, _isSum) = (other.Instrument, other.Labels, other.Kind, other._isSum);
        (Value, Count, _counts) = (other.Value, other.Count, [.. other._counts]);
    }

    /// <summary>What is measured.</summary>
    public Instrument Instrument { get; }

    /// <summary>The labels.</summary>
    public string Labels { get; }

    /// <summary>How it is read.</summary>
    public SeriesKind Kind { get; }

    /// <summary>The sum, or the last value.</summary>
    public double Value { get; private set; }

    /// <summary>Measurements.</summary>
    public long Count { get; private set; }

    /// <summary>Measurements up to each of <see cref="Bounds"/>, and at last all.</summary>
    public IEnumerable<long> UpTo
    {
        get
        {
            var sum = 0L;
            foreach (var count in _counts)
            {
                yield return sum += count;
            }
        }
    }

    /// <summary>A measurement.</summary>
    public void Add(double value)
    {
        Value = _isSum ? Value + value : value;
        Count++;
        if (Kind == SeriesKind.Histogram)
        {
            var at = 0;
            while (at < Bounds.Count && value > Bounds[at])
            {
                at++;
            }

            _counts[at]++;
        }
    }

    /// <summary>As it is now.</summary>
    public Series Copy() => new(this);
}
