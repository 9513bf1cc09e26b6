using System.Globalization;

namespace Involute.Host.Output;

/// <summary>Times in texts: UTC, as ISO 8601 has them.</summary>
internal static class TimeStamp
{
    /// <summary>A time to the millisecond.</summary>
    public static string Precise(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>What a service says, behind the time of now to the second.</summary>
    public static string Before(string line, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return $"{time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {line}";
    }
}
