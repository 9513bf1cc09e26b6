using System.Globalization;

namespace Involute.Host.Reporting;

/// <summary>A time that something takes, written for a person: of any length it has a few characters.</summary>
internal static class DurationText
{
    private const double Minute = 60;
    private const double Hour = 60 * Minute;
    private const double Day = 24 * Hour;
    private const double Year = 365.25 * Day;

    /// <summary>"0.9s", "4m 05s", "2h 30m", "3d 4h", "17 years".</summary>
    public static string Of(TimeSpan time) => Of(time.TotalSeconds);

    /// <summary>The same for a number of seconds, which may be more than a <see cref="TimeSpan"/> holds.</summary>
    public static string Of(double seconds) => seconds switch
    {
        >= 1e6 * Year => Invariant($"{seconds / Year:0.##E+0} years"),
        >= 1000 * Day => Invariant($"{seconds / Year:F0} years"),
        >= Day => Invariant($"{Math.Floor(seconds / Day)}d {Math.Floor(seconds % Day / Hour)}h"),
        >= Hour => Invariant($"{Math.Floor(seconds / Hour)}h {Math.Floor(seconds % Hour / Minute):00}m"),
        >= Minute => Invariant($"{Math.Floor(seconds / Minute)}m {Math.Floor(seconds % Minute):00}s"),
        >= 0.1 or 0 => Invariant($"{seconds:F1}s"),
        _ => Invariant($"{seconds:G2}s"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
