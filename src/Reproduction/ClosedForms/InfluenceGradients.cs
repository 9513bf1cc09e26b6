namespace Involute.Reproduction.ClosedForms;

/// <summary>
/// Influence balancing over a finite horizon: its loss Σ ½ (s₁ − 1)², and how each window's loss depends on each
/// window's theta.
/// </summary>
/// <remarks>
/// s₁ after step t depends on the theta of step u by r_{t−u} ∘ v, with r_k the first row of A^k; both loss and state
/// are polynomials in theta, so nothing is approximated.
/// </remarks>
internal sealed class InfluenceGradients
{
    private readonly int _size;
    private readonly int _positive;
    private readonly bool _vector;
    private readonly double[][] _influence;

    public InfluenceGradients(int size, int positive, int horizon, double theta, bool vector, int window)
    {
        (_size, _positive, _vector) = (size, positive, vector);
        _influence = CumulativeInfluence(horizon);
        var errors = Errors(horizon, theta);
        Loss = errors.Sum(error => 0.5 * error * error);
        var windows = (horizon + window - 1) / window;
        Windows = new QuadraticVariance(
            [.. Enumerable.Range(0, windows).Select(j => OfWindow(j, window, errors))]);
    }

    /// <summary>The loss at theta.</summary>
    public double Loss { get; }

    /// <summary>Gradient, means and variances.</summary>
    public QuadraticVariance Windows { get; }

    private double[][] OfWindow(int j, int window, double[] errors)
    {
        var rows = new double[j + 1][];
        for (var tau = 0; tau <= j; tau++)
        {
            rows[tau] = new double[_vector ? _size : 1];
            for (var t = (j * window) + 1; t <= Math.Min((j + 1) * window, errors.Length); t++)
            {
                var longest = _influence[t - (tau * window)];
                var shortest = _influence[Math.Max(0, t - ((tau + 1) * window))];
                for (var i = 0; i < _size; i++)
                {
                    rows[tau][_vector ? i : 0] += errors[t - 1] * (longest[i] - shortest[i]);
                }
            }
        }

        return rows;
    }

    // [m] = Σ_{k<m} r_k ∘ v: what m steps of one theta do to s₁.
    private double[][] CumulativeInfluence(int horizon)
    {
        var sums = new double[horizon + 1][];
        sums[0] = new double[_size];
        var row = new double[_size];
        row[0] = 1;
        for (var m = 1; m <= horizon; m++)
        {
            sums[m] = [.. row.Select((value, i) => sums[m - 1][i] + (i < _positive ? value : -value))];
            row = [.. row.Select((value, i) => 0.5 * (value + (i > 0 ? row[i - 1] : 0)))];
        }

        return sums;
    }

    // s₁ − 1 after each step, from s = 1.
    private double[] Errors(int horizon, double theta)
    {
        var state = Enumerable.Repeat(1.0, _size).ToArray();
        var errors = new double[horizon];
        for (var t = 0; t < horizon; t++)
        {
            state =
            [
                .. state.Select((value, i) =>
                    (0.5 * (value + (i + 1 < _size ? state[i + 1] : 0))) + (i < _positive ? theta : -theta)),
            ];
            errors[t] = state[0] - 1;
        }

        return errors;
    }
}
