using Involute.Tasks.Numerics;

namespace Involute.Host.Reporting.Plots;

/// <summary>A scalar of theta in its usual unit.</summary>
/// <param name="Name">Its name in that unit.</param>
/// <param name="Value">Computes it from theta's value.</param>
/// <param name="Axis">The axis that suits its values.</param>
internal sealed record HyperParameter(
    string Name, Func<double, double> Value, Func<IEnumerable<double>, ScaledAxis> Axis)
{
    private const string Prefix = "theta/";
    private const string OneMinusLogarithm = "log_one_minus_";
    private const string Logarithm = "log_";

    /// <summary>Takes the unit from the tensor's name: log_x holds ln x, log_one_minus_x holds ln(1 − x).</summary>
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
                new(name[OneMinusLogarithm.Length..], value => 1 - PortableMath.Exp(value), ScaledAxis.ForNearOne),
            "log_lr" => new("learning rate", PortableMath.Exp, ScaledAxis.For),
            _ when name.StartsWith(Logarithm, StringComparison.Ordinal) =>
                new(name[Logarithm.Length..], PortableMath.Exp, ScaledAxis.For),
            _ => new(name, value => value, _ => ScaledAxis.Linear),
        };
    }
}
