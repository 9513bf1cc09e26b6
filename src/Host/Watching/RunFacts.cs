using System.Text.Json.Nodes;
using Involute.Host.Output;
using Involute.Runs.Folders;

namespace Involute.Host.Watching;

/// <summary>What a page says of a run in words and single numbers.</summary>
internal static class RunFacts
{
    private const int MostEvents = 400;

    // Of one learner's start, the ledger and the log tell at almost the same time.
    private static readonly TimeSpan SameMoment = TimeSpan.FromMinutes(1);

    /// <summary>How it stands.</summary>
    public static JsonObject Of(WatchedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var isRunning = run.Standing.Status == RunStatusFile.Running;
        var live = run.Live;
        var steps = live?.OuterSteps ?? run.Outline?.OuterSteps;
        return new JsonObject
        {
            ["status"] = run.Standing.Status,
            ["phase"] = run.Status?["state"]?.DeepClone(),
            ["isHeld"] = run.Status?["isHeld"]?.DeepClone(),
            ["step"] = Math.Max(run.Standing.OuterStep, run.Metrics.LastStep),
            ["steps"] = steps,
            ["rate"] = isRunning ? live?.OuterStepsPerSecond : null,
            ["innerRate"] = isRunning ? live?.InnerStepsPerSecond : null,
            ["elapsed"] = live?.ElapsedSeconds,
            ["sinceStep"] = isRunning && run.SinceStep is { } ago ? Math.Max(0, Math.Round(ago.TotalSeconds)) : null,
            ["checkpoint"] = live?.CheckpointStep,
            ["checkpointTime"] = live?.CheckpointTime is { } written ? TimeStamp.Precise(written) : null,
            ["restarts"] = isRunning ? live?.Restarts : null,
            ["task"] = run.Outline?.Task,
            ["optimizer"] = run.Outline?.Optimizer,
            ["estimator"] = run.Outline?.Estimator,
            ["message"] = run.Standing.Message,
            ["standby"] = run.Standing.Status == RunStatusFile.Crashed ? run.Standby : null,
            ["problem"] = run.Problem,
            ["console"] = run.IsSilent ? "silent" : run.Status is null ? "none" : "open",
            ["liveNodes"] = new JsonArray([.. (isRunning ? live?.Nodes ?? [] : []).Select(node => (JsonNode)new JsonObject
            {
                ["node"] = node.Node,
                ["threads"] = node.Threads,
                ["windows"] = node.PairWindowsPerSecond,
                ["window"] = node.SecondsPerWindow,
                ["slowness"] = node.Slowness,
                ["busy"] = node.Busy,
            })]),
            ["commands"] = new JsonArray([.. run.Commands.Select(command => (JsonNode)new JsonObject
            {
                ["name"] = command.Name,
                ["summary"] = command.Summary,
                ["question"] = command.Question,
                ["words"] = command.Arguments.Count,
            })]),
            ["settings"] = new JsonArray([.. run.Settings.Select(setting => setting.DeepClone())]),
        };
    }

    /// <summary>What happened to it, oldest first: what the ledger has, and what only the log knows.</summary>
    public static JsonArray Events(WatchedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var log = run.Log.Lines.ToList();
        var known = run.Ledger.Events.Select(happened =>
        {
            // The log knows in which way a learner began.
            var line = happened.Kind == RunEvent.Learner
                ? log.Find(line => line.IsLead && (line.Time - happened.Time)?.Duration() < SameMoment)
                : null;
            return line is null || !log.Remove(line) ? happened : happened with { Text = line.Told };
        }).ToList();
        var others = log.Where(line => !line.IsLead)
            .Select(line => new RunEvent(line.Step, line.Time, line.Kind, line.Told));
        return
        [
            .. known.Concat(others).OrderBy(happened => happened.Time ?? DateTimeOffset.MinValue).TakeLast(MostEvents)
                .Select(happened => (JsonNode)new JsonObject
                {
                    ["step"] = happened.Step,
                    ["time"] = happened.Time is { } time ? TimeStamp.Precise(time) : null,
                    ["kind"] = happened.Kind,
                    ["text"] = happened.Text,
                }),
        ];
    }
}
