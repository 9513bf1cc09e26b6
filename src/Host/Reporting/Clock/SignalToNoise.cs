using Involute.Estimators.Pairs;

namespace Involute.Host.Reporting.Clock;

/// <summary>
/// How much of a gradient estimate is signal: the norm of the mean over pairs, divided by the standard error of that mean.
/// </summary>
/// <remarks>
/// The error is the square root of the summed variances of the mean's entries, from how far the blocks' means are from it. Of
/// pure noise the ratio is about 1.
/// </remarks>
internal static class SignalToNoise
{
    /// <summary>The ratio; NaN of one block, whose error nothing tells, and where no block differs.</summary>
    public static double Of(IReadOnlyList<PairContribution<float>> contributions)
    {
        ArgumentNullException.ThrowIfNull(contributions);
        var blocks = contributions.Count;
        if (blocks < 2)
        {
            return double.NaN;
        }

        var pairs = (double)contributions.Sum(part => part.Block.Count);
        var mean = new double[contributions[0].Gradient.Length];
        foreach (var part in contributions)
        {
            var gradient = part.Gradient.Span;
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += gradient[i] / pairs;
            }
        }

        var (error, signal) = (0.0, 0.0);
        foreach (var part in contributions)
        {
            var gradient = part.Gradient.Span;
            var share = part.Block.Count / pairs;
            for (var i = 0; i < mean.Length; i++)
            {
                var distance = (gradient[i] / pairs) - (share * mean[i]);
                error += distance * distance;
            }
        }

        foreach (var value in mean)
        {
            signal += value * value;
        }

        error *= blocks / (blocks - 1.0);
        return error > 0 ? Math.Sqrt(signal / error) : double.NaN;
    }
}
