namespace Involute.Hosting.Configuration;

/// <summary>Which real numbers a setting takes.</summary>
/// <param name="Least">Lower end.</param>
/// <param name="Most">Upper end.</param>
/// <param name="AboveLeast">Whether the lower end itself is excluded.</param>
/// <param name="BelowMost">Whether the upper end itself is excluded.</param>
internal readonly record struct NumberRange(
    double Least, double Most, bool AboveLeast = false, bool BelowMost = false)
{
    /// <summary>Whether the range holds a finite number.</summary>
    public bool Holds(double value) =>
        (AboveLeast ? value > Least : value >= Least) && (BelowMost ? value < Most : value <= Most);

    /// <summary>For messages.</summary>
    public override string ToString()
    {
        var lower = AboveLeast ? $"greater than {HoconText.Of(Least)}" : $"at least {HoconText.Of(Least)}";
        var upper = BelowMost ? $"less than {HoconText.Of(Most)}" : $"at most {HoconText.Of(Most)}";
        return $"a number {lower} and {upper}";
    }
}
