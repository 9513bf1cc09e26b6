using Akka.Event;

namespace Involute.Actors.Learning;

/// <summary>A log event as one line for a person.</summary>
internal static class LogLine
{
    public static string Of(LogEvent logged)
    {
        var cause = logged.Cause is { } error ? $" ({error.GetType().Name}: {error.Message})" : "";
        return $"{logged.LogSource}: {logged.Message}{cause}".ReplaceLineEndings(" ");
    }
}
