using System.Globalization;

namespace Involute.Reproduction.Results;

/// <summary>What a quantity should be.</summary>
/// <param name="Text">The published or exact value, for the table.</param>
/// <param name="Tolerance">How far from it a value may be, for the table.</param>
/// <param name="Least">Least value that is right.</param>
/// <param name="Most">Largest value that is right.</param>
/// <param name="IsJudged">Whether there is a tolerance, and so a verdict.</param>
internal sealed record Expectation(string Text, string Tolerance, double Least, double Most, bool IsJudged = true)
{
    // A difference of exactly known numbers is still a difference of rounded sums.
    private const double Rounding = 1e-9;

    /// <summary>An exact value; an average should be within four standard errors of it.</summary>
    public static Expectation Mean(double value, double standardError)
    {
        var slack = Math.Max(4 * standardError, Rounding * Math.Abs(value));
        return new Expectation(Number(value), standardError > 0 ? "4 SE" : "rounding", value - slack, value + slack);
    }

    /// <summary>A value with a relative tolerance.</summary>
    public static Expectation Within(double value, double relative)
    {
        var slack = Math.Abs(value) * relative;
        var tolerance = relative >= 1e-3
            ? string.Create(CultureInfo.InvariantCulture, $"{relative * 100:0.##} %")
            : string.Create(CultureInfo.InvariantCulture, $"{relative:0e+0} relative");
        return new Expectation(Number(value), tolerance, value - slack, value + slack);
    }

    /// <summary>A published value with the range that it stands for.</summary>
    public static Expectation Between(double least, double most, string published) =>
        new(published, $"{Number(least)} to {Number(most)}", least, most);

    /// <summary>A published value that must not be exceeded by much.</summary>
    public static Expectation AtMost(double most, string published) =>
        new(published, $"at most {Number(most)}", double.NegativeInfinity, most);

    /// <summary>A published value that must be passed.</summary>
    public static Expectation AtLeast(double least, string published) =>
        new(published, $"at least {Number(least)}", least, double.PositiveInfinity);

    /// <summary>A published value without a tolerance: shown beside ours, without a verdict.</summary>
    public static Expectation Shown(string published) =>
        new(published, "", double.NegativeInfinity, double.PositiveInfinity, IsJudged: false);

    /// <summary>Whether a value is right. NaN is not; an overflow counts as infinitely large.</summary>
    public bool Holds(double value) => value >= Least && value <= Most;

    /// <summary>A number with as many digits as a reader needs.</summary>
    public static string Number(double value) =>
        double.IsNaN(value) ? "none" : value.ToString("G10", CultureInfo.InvariantCulture);
}
