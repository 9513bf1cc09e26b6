using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Involute.Actors.Telemetry;

/// <summary>
/// What this process offers to OpenTelemetry and other listeners: a meter and a source of activities, both called
/// <c>Involute</c>. Without a listener they cost nothing.
/// </summary>
internal static class InvoluteTelemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "Involute";

    /// <summary>Traces of outer steps.</summary>
    public static ActivitySource Source { get; } = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "involute.window.duration", "s", "Time that a thread of this process has computed a window of a block of pairs.");

    /// <summary>A window of a block was computed here.</summary>
    public static void WindowComputed(TimeSpan took) => Durations.Record(took.TotalSeconds);
}
