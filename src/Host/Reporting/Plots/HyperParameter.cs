using Involute.Tasks.Components;

namespace Involute.Host.Reporting.Plots;

/// <summary>A scalar of theta, or an element of a vector, in its usual unit.</summary>
/// <param name="Name">Its name in that unit.</param>
/// <param name="Value">Computes it from theta's value.</param>
/// <param name="Axis">The axis that suits its values.</param>
internal sealed record HyperParameter(
    string Name, Func<double, double> Value, Func<IEnumerable<double>, ScaledAxis> Axis)
{
    /// <summary>Takes the unit from the tensor's name: see <see cref="NaturalUnit"/>.</summary>
    public static HyperParameter? OfColumn(string column)
    {
        if (!column.StartsWith(ThetaColumns.Value, StringComparison.Ordinal))
        {
            return null;
        }

        var name = (ThetaColumns.ElementOf(column)?.Vector ?? column)[ThetaColumns.Value.Length..];
        return NaturalUnit.Of(name) is { } unit
            ? new(unit.Name.Replace('_', ' '), unit.Value, unit.IsNearOne ? ScaledAxis.ForNearOne : ScaledAxis.For)
            : new(name, value => value, _ => ScaledAxis.Linear);
    }
}
