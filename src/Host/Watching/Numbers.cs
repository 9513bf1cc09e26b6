using System.Globalization;
using System.Text.Json;

namespace Involute.Host.Watching;

/// <summary>Numbers for charts, which need no more than six digits of a value.</summary>
internal static class Numbers
{
    /// <summary>Writes an array; what is not finite is null.</summary>
    public static void Write(Utf8JsonWriter json, string name, int from, int to, Func<int, double> value)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray(name);
        for (var i = from; i < to; i++)
        {
            Write(json, value(i));
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a number.</summary>
    public static void Write(Utf8JsonWriter json, double value)
    {
        if (!double.IsFinite(value))
        {
            json.WriteNullValue();
        }
        else if (value == Math.Floor(value) && Math.Abs(value) < 1e15)
        {
            json.WriteNumberValue((long)value);
        }
        else
        {
            Span<byte> digits = stackalloc byte[32];
            json.WriteRawValue(
                value.TryFormat(digits, out var written, "G6", CultureInfo.InvariantCulture)
                    ? digits[..written]
                    : "null"u8);
        }
    }
}
