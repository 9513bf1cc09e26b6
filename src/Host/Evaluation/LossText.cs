using System.Globalization;

namespace Involute.Host.Evaluation;

/// <summary>Losses for a person: those of image tasks are near 1, those of quadratics may be anything.</summary>
internal static class LossText
{
    private const double Least = 1e-3;
    private const double Most = 1e4;

    // Below, four decimals are zeros.
    private const double Vanishing = 5e-5;

    /// <summary>A loss.</summary>
    public static string Number(double value) => Text(value, IsUsual(value), "");

    /// <summary>A mean with its error, if it has one.</summary>
    public static string Of(Statistic value) => Of(value, "");

    /// <summary>A difference with its sign, and its error, if it has one.</summary>
    public static string Signed(Statistic value) => Of(value, "+");

    private static string Of(Statistic value, string plus)
    {
        ArgumentNullException.ThrowIfNull(value);
        var isUsual = IsUsual(value.Mean) || (IsUsual(value.StandardError ?? 0) && Math.Abs(value.Mean) < Most);
        var mean = Text(value.Mean, isUsual, plus);
        return value.StandardError is { } error ? $"{mean} ± {Text(error, isUsual, "")}" : mean;
    }

    private static bool IsUsual(double value) => value == 0 || Math.Abs(value) is >= Least and < Most;

    // Numbers that stand beside each other look alike, unless nothing would be left of one.
    private static string Text(double value, bool isUsual, string plus)
    {
        var format = value == 0 ? "0"
            : isUsual && Math.Abs(value) >= Vanishing ? "0.0000"
            : "0.00e+0";
        return value.ToString(plus.Length > 0 && value != 0 ? $"{plus}{format};-{format}" : format, CultureInfo.InvariantCulture);
    }
}
