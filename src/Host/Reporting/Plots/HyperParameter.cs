using Involute.Tasks.Numerics;

namespace Involute.Hosting.Reporting.Plots;

/// <summary>A scalar of theta in the unit that people think in.</summary>
/// <param name="Name">Its name in that unit.</param>
/// <param name="Value">From theta's value.</param>
/// <param name="Axis">The axis that suits it; null: as the values ask for.</param>
internal sealed record HyperParameter(string Name, Func<double, double> Value, ScaledAxis? Axis)
{
    private const string Prefix = "theta/";
    private const string OneMinusLogarithm = "log_one_minus_";
    private const string Logarithm = "log_";

    /// <summary>Reads the unit off the tensor's name: log_x holds ln x, log_one_minus_x holds ln(1 − x).</summary>
    public static HyperParameter? OfColumn(string column)
    {
        if (!column.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var name = column[Prefix.Length..];
        return name switch
        {
            _ when name.StartsWith(OneMinusLogarithm, StringComparison.Ordinal) =>
                new(name[OneMinusLogarithm.Length..], value => 1 - PortableMath.Exp(value), ScaledAxis.NearOne),
            "log_lr" => new("learning rate", PortableMath.Exp, ScaledAxis.Logarithmic),
            _ when name.StartsWith(Logarithm, StringComparison.Ordinal) =>
                new(name[Logarithm.Length..], PortableMath.Exp, ScaledAxis.Logarithmic),
            _ => new(name, value => value, ScaledAxis.Linear),
        };
    }
}
