using Involute.Estimators.Plans;

namespace Involute.Host.Reporting.Clock;

/// <summary>The Euclidean distance between two thetas.</summary>
internal static class ThetaDistance
{
    /// <summary>The distance.</summary>
    public static double Between(Theta<float> before, Theta<float> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var sum = 0.0;
        for (var i = 0; i < after.Values.Length; i++)
        {
            var difference = (double)after.Values[i] - before.Values[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
