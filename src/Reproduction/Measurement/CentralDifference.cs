using Involute.Tasks.Unrolls;

namespace Involute.Reproduction.Measurement;

/// <summary>
/// The gradient of a whole trajectory's summed loss, by differences: an oracle for problems without a closed form.
/// </summary>
internal static class CentralDifference
{
    // Error h² of the third derivative against rounding / h: about 1e-9 relative for losses of order 1000.
    private const double Step = 1e-4;

    /// <summary>∂ Σ loss / ∂ theta at theta.</summary>
    public static double[] Gradient(IStepFunction<double> problem, double[] theta, int horizon)
    {
        var gradient = new double[theta.Length];
        Parallel.For(0, theta.Length, i =>
        {
            var moved = theta.ToArray();
            moved[i] = theta[i] + Step;
            var above = Unrolled.Sum(problem, moved, horizon);
            moved[i] = theta[i] - Step;
            gradient[i] = (above - Unrolled.Sum(problem, moved, horizon)) / (2 * Step);
        });
        return gradient;
    }
}
