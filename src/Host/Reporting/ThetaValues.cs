using System.Globalization;
using Involute.Estimators.Plans;
using Involute.Tasks;
using Involute.Tasks.Components;

namespace Involute.Host.Reporting;

/// <summary>A short theta value by value, in natural units.</summary>
internal static class ThetaValues
{
    /// <summary>Whether a theta has at most <see cref="ThetaColumns.LongestVector"/> elements.</summary>
    public static bool IsShort(Theta<float> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        return theta.Values.Length <= ThetaColumns.LongestVector;
    }

    /// <summary>
    /// Its values by name: a number for a scalar, else a list of numbers in row-major order; what is not finite is
    /// null. Null for a theta that is not short, or of another length than the layout, as one of other settings may be.
    /// </summary>
    public static IReadOnlyDictionary<string, object?>? Of(ThetaLayout layout, Theta<float> theta)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (!IsShort(theta) || theta.Values.Length != layout.Length)
        {
            return null;
        }

        var values = new Dictionary<string, object?>();
        foreach (var slice in layout.Slices)
        {
            var unit = NaturalUnit.Of(slice.Name);
            var tensor = new double?[slice.Length];
            for (var i = 0; i < tensor.Length; i++)
            {
                var value = theta.Values[slice.Offset + i];
                var natural = unit?.Value(value) ?? value;
                tensor[i] = double.IsFinite(natural) ? natural : null;
            }

            values[unit?.Name ?? slice.Name] = slice.Shape.Count == 0 ? tensor[0] : tensor;
        }

        return values;
    }

    /// <summary>The same for a person: "learning rate 0.001, beta1 0.9".</summary>
    public static string Text(IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return string.Join(", ", values.Select(tensor => $"{tensor.Key.Replace('_', ' ')} {tensor.Value switch
        {
            double?[] list => $"[{string.Join(", ", list.Select(Number))}]",
            var one => Number(one as double?),
        }}"));
    }

    private static string Number(double? value) =>
        value is { } number ? number.ToString("G4", CultureInfo.InvariantCulture) : "not finite";
}
