using System.Text.Json;

namespace Involute.Host.Reporting.Live;

/// <summary>How the learner that is at work stands: <c>progress.json</c>, renewed every few seconds.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="ProcessId">The learner's process.</param>
/// <param name="OuterStep">Outer steps done.</param>
/// <param name="OuterSteps">Outer steps of the whole run.</param>
/// <param name="ElapsedSeconds">Time that learners have been at work since the run's start.</param>
/// <param name="OuterStepsPerSecond">Since the file before.</param>
/// <param name="InnerStepsPerSecond">Since the file before.</param>
/// <param name="CheckpointStep">The last step that is safe on disk.</param>
/// <param name="CheckpointTime">When this learner wrote it; null if it has written none.</param>
/// <param name="Nodes">Those that compute.</param>
/// <param name="SlowestPairs">The blocks of pairs whose windows take longest, the slowest first.</param>
/// <param name="Restarts">Blocks that were started again after a failure, since this learner began.</param>
/// <param name="Warnings">The last warnings of this learner, the oldest first.</param>
/// <remarks>For people and scripts. Nothing that decides theta reads it.</remarks>
internal sealed record LiveStatus(
    DateTimeOffset Time,
    int ProcessId,
    long OuterStep,
    long OuterSteps,
    double ElapsedSeconds,
    double? OuterStepsPerSecond,
    double? InnerStepsPerSecond,
    long CheckpointStep,
    DateTimeOffset? CheckpointTime,
    IReadOnlyList<LiveNode> Nodes,
    IReadOnlyList<LivePairs> SlowestPairs,
    long Restarts,
    IReadOnlyList<LiveWarning> Warnings)
{
    // Only readers make this.
    private static readonly Lazy<JsonSerializerOptions> Json = new(() => new(JsonSerializerDefaults.Web));

    /// <summary>As JSON, one property per line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, LiveStatusJson.Default.LiveStatus) + "\n";

    /// <summary>Reads a file; null where there is none that can be read.</summary>
    public static LiveStatus? Read(string path)
    {
        try
        {
            return File.Exists(path) ? FromJson(File.ReadAllText(path)) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // What it tells is for people, and the ledger tells the rest.
            return null;
        }
    }

    /// <summary>Reads <see cref="ToJson"/>; null when it is anything else.</summary>
    public static LiveStatus? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<LiveStatus>(json, Json.Value)
                is { Nodes: not null, SlowestPairs: not null, Warnings: not null } status
                ? status
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A node that computes.</summary>
/// <param name="Node">Where it is.</param>
/// <param name="Threads">Windows that it can compute at once.</param>
/// <param name="PairWindowsPerSecond">Windows of single pairs.</param>
/// <param name="SecondsPerWindow">Time of a thread for one.</param>
/// <param name="Slowness">That time, divided by the mean of all nodes: 2 takes twice as long.</param>
/// <param name="Busy">Share of its threads' time in which they compute.</param>
internal sealed record LiveNode(
    string Node, int Threads, double? PairWindowsPerSecond, double? SecondsPerWindow, double? Slowness, double? Busy);

/// <summary>A block of pairs and the usual time of its windows.</summary>
/// <param name="First">Its first pair.</param>
/// <param name="Count">How many pairs it has.</param>
/// <param name="Seconds">Time for a window of all of them.</param>
/// <param name="Node">Where it lives.</param>
internal sealed record LivePairs(int First, int Count, double Seconds, string Node);

/// <summary>A warning.</summary>
/// <param name="Time">When.</param>
/// <param name="Message">One line.</param>
internal sealed record LiveWarning(DateTimeOffset Time, string Message);
