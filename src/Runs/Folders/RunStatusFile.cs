using System.Text.Json;

namespace Involute.Runs.Folders;

/// <summary>How a run stood when it was last written down: <c>status.json</c>.</summary>
/// <param name="Status">One of the constants.</param>
/// <param name="OuterStep">Outer steps done.</param>
/// <param name="Message">One line for a person; empty when all is well.</param>
/// <remarks>For people and scripts. Nothing that decides theta reads it.</remarks>
public sealed record RunStatusFile(string Status, long OuterStep, string Message = "")
{
    /// <summary>A learner is at work.</summary>
    public const string Running = "running";

    /// <summary>All outer steps are done.</summary>
    public const string Finished = "finished";

    /// <summary>Stopped on request; can be resumed.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Theta or an inner problem stopped being finite.</summary>
    public const string Diverged = "diverged";

    /// <summary>An error ended it.</summary>
    public const string Failed = "failed";

    /// <summary>
    /// It was running, and no process holds its lock: killed; can be resumed. Never written, only concluded.
    /// </summary>
    public const string Crashed = "crashed";

    /// <summary>
    /// The record of a run's end; null when the run is, or may be, another learner's and must not be touched.
    /// </summary>
    public static RunStatusFile? Of(RunOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var step = outcome.State?.Theta.Version.Value ?? outcome.CheckpointStep;
        return outcome.Status switch
        {
            RunStatus.Held or RunStatus.Downed or RunStatus.NotJoined or RunStatus.NotTrusted => null,
            RunStatus.Interrupted when outcome.State is null => null,
            RunStatus.Finished => new RunStatusFile(Finished, step, outcome.Message),
            RunStatus.Interrupted => new RunStatusFile(Interrupted, step, outcome.Message),
            RunStatus.Diverged => new RunStatusFile(Diverged, step, outcome.Message),
            _ => new RunStatusFile(Failed, step, outcome.Message),
        };
    }

    /// <summary>What to call a run: its record, unless it says "running" and no process holds the lock.</summary>
    public static string Conclude(RunStatusFile? record, bool locked) => record switch
    {
        _ when locked => Running,
        null or { Status: Running } => Crashed,
        _ => record.Status,
    };

    /// <summary>As JSON, one property per line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunFolderJson.Default.RunStatusFile) + "\n";

    /// <summary>Reads <see cref="ToJson"/>; null when it is anything else.</summary>
    public static RunStatusFile? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RunFolderJson.Default.RunStatusFile) is { Status: not null } record
                ? record
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
