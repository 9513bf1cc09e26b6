using Akka.Event;

namespace Involute.Actors.Learning;

/// <summary>
/// What Akka logs about connections that come and go: several lines with stack traces for each lost process, and again
/// with every try to reach it. The actor that watches the members says the same in one line.
/// </summary>
internal static class ClusterLogFilter
{
    private static readonly string[] Sources = ["/system/endpointManager", "/system/cluster/", "remoting"];

    /// <summary>Whether a log event is noise; other errors, refused connections among them, never are.</summary>
    public static bool IsNoise(LogEvent logged) =>
        (logged is Warning || logged.Cause?.GetType().Name == "EndpointDisassociatedException")
        && Array.Exists(Sources, source => logged.LogSource.Contains(source, StringComparison.Ordinal));
}
