using Involute.Tasks.Numerics;

namespace Involute.Reproduction.ClosedForms;

/// <summary>
/// Powers of a contraction z(θ) = 1 − h θ (or 1 − h e^θ) after Gaussian smoothing: E z(θ + ε)^2t and its derivative
/// by θ, for t = 0 to a largest t.
/// </summary>
/// <remarks>Trapezoidal sums over ±37 sigma; for an analytic integrand they converge faster than any power.</remarks>
internal sealed class SmoothedMoments
{
    private const double Range = 37;
    private const double Spacing = 1.0 / 8;

    private readonly double[] _squares;
    private readonly double[] _slopes;

    public SmoothedMoments(double curvature, double theta, double sigma, bool logarithmic, int most)
    {
        Contraction = 1 - (curvature * Rate(theta, logarithmic));
        Slope = -curvature * RateSlope(theta, logarithmic);
        _squares = new double[most + 1];
        _slopes = new double[most + 1];
        for (var u = -Range; u <= Range; u += Spacing)
        {
            var weight = Spacing * PortableMath.Exp(-0.5 * u * u) / Math.Sqrt(2 * Math.PI);
            var at = theta + (sigma * u);
            var z = 1 - (curvature * Rate(at, logarithmic));
            var power = weight;
            _squares[0] += power;
            for (var t = 1; t <= most; t++)
            {
                _slopes[t] += 2 * t * power * z * -curvature * RateSlope(at, logarithmic);
                power *= z * z;
                _squares[t] += power;
            }
        }
    }

    /// <summary>z(θ), not smoothed.</summary>
    public double Contraction { get; }

    /// <summary>dz/dθ, not smoothed.</summary>
    public double Slope { get; }

    /// <summary>E z^2t.</summary>
    public double Square(int t) => _squares[t];

    /// <summary>d/dθ E z^2t.</summary>
    public double SquareSlope(int t) => _slopes[t];

    private static double Rate(double theta, bool logarithmic) => logarithmic ? PortableMath.Exp(theta) : theta;

    private static double RateSlope(double theta, bool logarithmic) => logarithmic ? PortableMath.Exp(theta) : 1;
}
