namespace Involute.Reproduction.Measurement;

/// <summary>Moments of independent gradient estimates: sums in double that can be added in a fixed order.</summary>
/// <param name="reference">The point from which squared distances are taken: the exact mean where it is known.</param>
/// <param name="direction">A unit vector; the component along it is measured separately.</param>
internal sealed class PairMoments(double[] reference, double[] direction)
{
    private readonly double[] _sum = new double[reference.Length];
    private double _distance;
    private double _distanceSquared;
    private double _power;
    private double _powerSquared;
    private double _along;
    private double _alongSquared;

    /// <summary>Number of estimates.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one estimate.</summary>
    /// <param name="estimate">The estimate of one pair, summed or averaged over its windows.</param>
    /// <param name="windowPower">Σ |g_w|² over its windows.</param>
    public void Add(ReadOnlySpan<double> estimate, double windowPower)
    {
        var (distance, along) = (0.0, 0.0);
        for (var i = 0; i < _sum.Length; i++)
        {
            var difference = estimate[i] - reference[i];
            _sum[i] += difference;
            distance += difference * difference;
            along += difference * direction[i];
        }

        _distance += distance;
        _distanceSquared += distance * distance;
        _power += windowPower;
        _powerSquared += windowPower * windowPower;
        _along += along;
        _alongSquared += along * along;
        Count++;
    }

    /// <summary>Adds the estimates of another instance.</summary>
    public void Add(PairMoments other)
    {
        for (var i = 0; i < _sum.Length; i++)
        {
            _sum[i] += other._sum[i];
        }

        _distance += other._distance;
        _distanceSquared += other._distanceSquared;
        _power += other._power;
        _powerSquared += other._powerSquared;
        _along += other._along;
        _alongSquared += other._alongSquared;
        Count += other.Count;
    }

    /// <summary>Mean of a component.</summary>
    public double Mean(int component) => reference[component] + (_sum[component] / Count);

    /// <summary>Mean of the component along the direction.</summary>
    public double Along => reference.Zip(direction, (r, d) => r * d).Sum() + (_along / Count);

    /// <summary>Its standard error.</summary>
    public double AlongError => ErrorOf(_along, _alongSquared);

    /// <summary>Trace of the covariance, unbiased.</summary>
    public double Variance
    {
        get
        {
            var offset = _sum.Sum(sum => sum / Count * (sum / Count));
            return ((_distance / Count) - offset) * Count / Math.Max(1, Count - 1);
        }
    }

    /// <summary>Standard error of the variance, where the reference is close to the mean.</summary>
    public double VarianceError => ErrorOf(_distance, _distanceSquared);

    /// <summary>Mean of Σ |g_w|² over a pair's windows.</summary>
    public double WindowPower => _power / Count;

    /// <summary>Its standard error.</summary>
    public double WindowPowerError => ErrorOf(_power, _powerSquared);

    private double ErrorOf(double sum, double squares)
    {
        var mean = sum / Count;
        return Math.Sqrt(Math.Max(0, (squares / Count) - (mean * mean)) / Count);
    }
}
