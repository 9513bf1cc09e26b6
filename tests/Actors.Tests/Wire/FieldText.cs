using System.Collections;
using System.Globalization;
using System.Reflection;
using Involute.Estimators.Plans;

namespace Involute.Actors.Tests.Wire;

/// <summary>Every field of a message as text, numbers by their bits: equal texts mean equal messages.</summary>
internal static class FieldText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        float number => BitConverter.SingleToInt32Bits(number).ToString("x8", CultureInfo.InvariantCulture),
        double number => BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        ReadOnlyMemory<float> numbers => Of(numbers.ToArray()),
        ThetaVersion version => Of(version.Value),
        Theta<float> theta => $"{Of(theta.Version)}: {Of(theta.Values.ToArray())}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Of))}]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => Fields(value),
    };

    private static string Fields(object value) => value.GetType().Name + " { " + string.Join(
        ", ", value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(field => $"{field.Name} = {Of(field.GetValue(value))}")) + " }";
}
