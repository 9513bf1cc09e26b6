using System.Globalization;

namespace Involute.Tasks.Components;

/// <summary>Which real numbers a setting takes.</summary>
/// <param name="Least">Lower end.</param>
/// <param name="Most">Upper end.</param>
/// <param name="AboveLeast">Whether the lower end itself is excluded.</param>
/// <param name="BelowMost">Whether the upper end itself is excluded.</param>
public readonly record struct NumberRange(
    double Least, double Most, bool AboveLeast = false, bool BelowMost = false)
{
    /// <summary>Whether the range holds a finite number.</summary>
    public bool Holds(double value) =>
        (AboveLeast ? value > Least : value >= Least) && (BelowMost ? value < Most : value <= Most);

    /// <summary>For messages.</summary>
    public override string ToString()
    {
        var lower =
            double.IsInfinity(Least) ? "" : AboveLeast ? $" greater than {Text(Least)}" : $" at least {Text(Least)}";
        var upper = double.IsInfinity(Most) ? "" : BelowMost ? $" less than {Text(Most)}" : $" at most {Text(Most)}";
        return $"a number{lower}{(lower.Length > 0 && upper.Length > 0 ? " and" : "")}{upper}";
    }

    /// <summary>The shortest text that reads back as the same number.</summary>
    internal static string Text(double value) =>
        value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
}
