namespace Involute.Host.Evaluation;

/// <summary>A mean over trials with its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">Its standard error; null for a single trial.</param>
internal sealed record Statistic(double Mean, double? StandardError)
{
    /// <summary>Mean of values, summed in their given order; null when one of them is not finite.</summary>
    public static Statistic? Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0 || values.Any(value => !double.IsFinite(value)))
        {
            return null;
        }

        var mean = values.Average();
        if (values.Count == 1)
        {
            return new Statistic(mean, null);
        }

        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new Statistic(mean, Math.Sqrt(squares / (values.Count - 1) / values.Count));
    }
}
