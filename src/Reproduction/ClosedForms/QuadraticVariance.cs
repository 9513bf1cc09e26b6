namespace Involute.Reproduction.ClosedForms;

/// <summary>
/// Means and variances of one antithetic pair's estimates where losses are quadratic in the thetas of the windows, from
/// G(j, τ) = ∂L_j / ∂theta_τ: how the loss of window j depends on the theta of window τ ≤ j.
/// </summary>
/// <remarks>
/// For such losses an antithetic difference is exactly 2 Σ G ε, so all moments are those of Gaussians. Variance is the
/// trace of the covariance of the sum over an episode.
/// </remarks>
/// <param name="gradients">[j][τ] of theta's length, for τ ≤ j.</param>
internal sealed class QuadraticVariance(double[][][] gradients)
{
    private readonly int _dimension = gradients[0][0].Length;

    /// <summary>The gradient: all windows' losses by all thetas.</summary>
    public double[] Gradient { get; } = Sum(gradients.SelectMany(row => row));

    /// <summary>The part that truncated estimators see: each window's loss by its own theta.</summary>
    public double[] TruncatedGradient { get; } = Sum(gradients.Select(row => row[^1]));

    /// <summary>|gradient|².</summary>
    public double SquaredNorm => Dot(Gradient, Gradient);

    /// <summary>One perturbation for the whole episode: (d + 1) |g|².</summary>
    public double NoiseReuse => (_dimension + 1) * SquaredNorm;

    /// <summary>Σ (d + 1) |G(j, j)|²: windows are independent.</summary>
    public double Truncated => gradients.Sum(row => (_dimension + 1) * Dot(row[^1], row[^1]));

    /// <summary>Persistent ES; <see cref="Accumulated"/> with every perturbation up to the window's own.</summary>
    public double Persistent => Accumulated(0);

    /// <summary>
    /// Persistent ES with an analytic gradient of the window itself: without the window's own perturbation.
    /// </summary>
    public double PersistentAnalytic => Accumulated(1);

    /// <summary>
    /// Noise reuse online: the mean of J independent workers, each J times the estimate of one random window of J;
    /// (d + 2) Σ |g_j|² − |g|² / J.
    /// </summary>
    public double NoiseReuseOnline
    {
        get
        {
            var windows = gradients.Sum(row => Dot(Sum(row), Sum(row)));
            return ((_dimension + 2) * windows) - (SquaredNorm / gradients.Length);
        }
    }

    // Σ_jk [ d m Σ_{τ<m} G(j, τ)·G(k, τ) + Σ_{τ<m} G(j, τ) · Σ_{τ<m} G(k, τ) ], m = min(j, k) counted from 1, minus
    // the number left out.
    private double Accumulated(int leftOut)
    {
        var sum = 0.0;
        for (var j = 0; j < gradients.Length; j++)
        {
            var m = j + 1 - leftOut;
            var prefix = m > 0 ? Sum(gradients[j].Take(m)) : [];
            for (var k = j; m > 0 && k < gradients.Length; k++)
            {
                var inner = 0.0;
                var other = new double[_dimension];
                for (var tau = 0; tau < m; tau++)
                {
                    inner += Dot(gradients[j][tau], gradients[k][tau]);
                    AddTo(other, gradients[k][tau]);
                }

                sum += (k == j ? 1 : 2) * ((_dimension * (double)m * inner) + Dot(prefix, other));
            }
        }

        return sum;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddTo(double[] sum, double[] value)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += value[i];
        }
    }

    private static double[] Sum(IEnumerable<double[]> vectors)
    {
        double[]? sum = null;
        foreach (var vector in vectors)
        {
            sum ??= new double[vector.Length];
            AddTo(sum, vector);
        }

        return sum ?? [];
    }
}
