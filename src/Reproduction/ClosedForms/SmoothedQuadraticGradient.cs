namespace Involute.Reproduction.ClosedForms;

/// <summary>
/// Expected gradient estimates on <see cref="Tasks.Problems.SmoothedQuadratic{T}"/>, for a trajectory that is cut into
/// segments, each with its own perturbation. The loss after t steps is Σ ½ h x₀² z^2t.
/// </summary>
internal sealed class SmoothedQuadraticGradient(
    double[] curvature, double[] start, double theta, double sigma, bool logarithmic, int longest)
{
    private readonly SmoothedMoments[] _moments =
        [.. curvature.Select(h => new SmoothedMoments(h, theta, sigma, logarithmic, longest))];

    /// <summary>The gradient without smoothing.</summary>
    public double True(int steps) => Sum(moments =>
    {
        var (sum, power) = (0.0, moments.Contraction);
        for (var t = 1; t <= steps; t++)
        {
            sum += 2 * t * power * moments.Slope;
            power *= moments.Contraction * moments.Contraction;
        }

        return sum;
    });

    /// <summary>
    /// Every loss is credited to all perturbations before it: PES, GPES, and with one segment NRES and FullES.
    /// </summary>
    public double Accumulated(int[] segments) => Sum(moments =>
    {
        var (sum, value, slope) = (0.0, 1.0, 0.0);
        foreach (var steps in segments)
        {
            for (var r = 1; r <= steps; r++)
            {
                sum += (slope * moments.Square(r)) + (value * moments.SquareSlope(r));
            }

            slope = (slope * moments.Square(steps)) + (value * moments.SquareSlope(steps));
            value *= moments.Square(steps);
        }

        return sum;
    });

    /// <summary>
    /// Every loss is credited to its own segment, which starts from the unperturbed state: truncated ES.
    /// </summary>
    public double Truncated(int[] segments) => Sum(moments =>
    {
        var (sum, value) = (0.0, 1.0);
        foreach (var steps in segments)
        {
            for (var r = 1; r <= steps; r++)
            {
                sum += value * moments.SquareSlope(r);
            }

            for (var r = 0; r < steps; r++)
            {
                value *= moments.Contraction * moments.Contraction;
            }
        }

        return sum;
    });

    private double Sum(Func<SmoothedMoments, double> ofComponent)
    {
        var sum = 0.0;
        for (var i = 0; i < _moments.Length; i++)
        {
            sum += 0.5 * curvature[i] * start[i] * start[i] * ofComponent(_moments[i]);
        }

        return sum;
    }
}
