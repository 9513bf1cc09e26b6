using System.Globalization;
using System.Text.Json.Nodes;
using Akka.Actor;
using Involute.Commands;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.ControlProtocol;

namespace Involute.Actors.Palettes;

/// <summary>The palette <c>learner</c>: how the run stands, and what may be done about it.</summary>
internal sealed class LearnerPalette : RunHandler
{
    private static readonly ArgumentDefinition Rows =
        new("ROWS", "how many, the newest; 20 if absent") { Switch = "-n" };

    private static readonly CommandDefinition Status = new("status", "how far the run is, how fast, and what it waits for");

    private static readonly CommandDefinition Pause =
        new("pause", "finish the outer step and begin no other, until resume or the end of the process")
        {
            Question = "Pause the run?",
        };

    private static readonly CommandDefinition Resume =
        new("resume", "go on after pause") { Question = "Let the run go on?" };

    private static readonly CommandDefinition Checkpoint =
        new("checkpoint", "write a checkpoint now; answers when it is on disk")
        {
            Question = "Write a checkpoint?",
            Patience = 600,
        };

    private static readonly CommandDefinition Stop =
        new("stop", "finish the outer step, write a checkpoint and end; a standby goes on, if there is one")
        {
            Question = "Stop the learner?",
            Patience = 120,
        };

    private static readonly CommandDefinition History =
        new("history", "meta-loss, gradient and time of the last outer steps, and what was changed meanwhile", Rows);

    private static readonly CommandDefinition Set = new(
        "set",
        "change a setting from the step in flight on; answers when the ledger has it on disk",
        new ArgumentDefinition("KEY", "involute.meta-optimizer.learning-rate, or its end: learning-rate, outer-steps, …")
        {
            IsRequired = true,
            Values = ["learning-rate", "clip-value", "clip-norm", "outer-steps", "checkpoint-interval", "keep-theta-every",
                "max-hopeless-steps", "tensorboard"],
        },
        new ArgumentDefinition("VALUE", "the value; off or auto where a setting may be so") { IsRequired = true })
    {
        Question = "Change the run from here on?",
        Patience = 60,
    };

    private static readonly CommandDefinition Changes = new("changes", "settings that were changed since the run began: when, by whom");

    /// <summary>What clients download.</summary>
    public static readonly Palette Palette =
        new("learner", "the run as a whole", Status, Pause, Resume, Checkpoint, Stop, Set, Changes, History);

    public LearnerPalette(RunSubject run)
        : base(run)
    {
        On(Status, call => Ask<Standing>(new AskStanding(), standing => Finish(Text(call, standing))));
        On(Pause, call => Ask<Standing>(new HoldRun(true), standing => Finish(Text(call, standing))));
        On(Resume, call => Ask<Standing>(new HoldRun(false), standing => Finish(Text(call, standing))));
        On(Checkpoint, call => Ask<CheckpointTaken>(new TakeCheckpoint(), taken => Finish(AnswerText.Details(
            call.Json, ("checkpointStep", "checkpoint", Cell.Of(taken.Step))))));
        On(Stop, call => Ask<RunStopped>(new EndRun(), stopped => TellEnd(call, stopped.Outcome)));
        On(Set, call => Ask<RunChanged>(
            new ChangeRun($"{Key(call.Text(Set.Arguments[0])!)}={call.Text(Set.Arguments[1])}", call.Caller.ToString()),
            changed => Finish(Text(call, changed.Changes) ?? "it had that value already")));
        On(Changes, call => Ask<Standing>(
            new AskStanding(), standing => Finish(Text(call, standing.Changes) ?? "none since the run began")));
        On(History, call => Ask<Standing>(new AskStanding(), standing => Show(call, standing.Changes)));
        Hear<RunChanged>();
        Hear<Standing>();
        Hear<CheckpointTaken>();
        Hear<RunStopped>();
    }

    /// <summary>The palette of a run.</summary>
    public static PaletteHandler Of(RunSubject run) =>
        new(Palette, Props.Create(() => new LearnerPalette(run)));

    // What has come of it: a step that no node computes is not finished, and a store may not answer.
    private void TellEnd(CommandCall call, RunOutcome outcome)
    {
        if (outcome.Status is not (RunStatus.Interrupted or RunStatus.Finished))
        {
            Fail($"the run has ended otherwise: {outcome.Message}");
            return;
        }

        var step = outcome.State?.Theta.Version.Value;
        var isSaved = step == outcome.CheckpointStep;
        Finish(AnswerText.Details(
            call.Json,
            [
                ("outerStep", "ended after outer step", Cell.Of(step)),
                ("checkpointStep", "checkpoint", Cell.Of(outcome.CheckpointStep)),
                .. isSaved
                    ? Array.Empty<(string, string, Cell)>()
                    : [("reason", "no newer one", Cell.Of(outcome.Message.Length > 0 ? outcome.Message
                        : "no worker was there to tell the states of its pairs"))],
            ]));
    }

    private string Text(CommandCall call, Standing standing)
    {
        var known = Known;
        var run = Run.Open.Configuration;
        var rate = known.Rate;
        var left = rate is { Outer: > 0 and var outer } && !standing.IsHeld
            ? TimeSpan.FromSeconds(Math.Min((run.OuterSteps - known.Step) / outer, TimeSpan.MaxValue.TotalSeconds / 2))
            : (TimeSpan?)null;
        var step = string.Create(
            CultureInfo.InvariantCulture, $"{known.Step} of {run.OuterSteps} ({100.0 * known.Step / run.OuterSteps:0.0} %)");
        return AnswerText.Details(
            call.Json,
            ("run", "run", Cell.Of(Run.Open.Id.Value)),
            ("state", "state", Cell.Of(standing.IsHeld && standing.Phase == "paused" ? "paused by an operator" : standing.Phase)),
            ("isHeld", "held", Cell.Of(standing.IsHeld, "yes: 'learner resume' lets it go on", "no")),
            ("outerStep", "outer step", new Cell(step, JsonValue.Create(known.Step))),
            ("outerSteps", "outer steps", Cell.Of(run.OuterSteps)),
            ("meanMetaLoss", "mean meta-loss", Cell.Of(known.Last?.MeanLoss, "G6")),
            ("gradientNorm", "gradient norm", Cell.Of(known.Last?.GradientNorm)),
            ("outerStepsPerSecond", "outer steps/s", Cell.Of(rate?.Outer)),
            ("innerStepsPerSecond", "inner steps/s", Cell.Of(rate?.Inner, "F0")),
            ("secondsLeft", "time left", Cell.Of(left)),
            ("checkpointStep", "checkpoint", Cell.Of(known.CheckpointStep)),
            ("nodes", "nodes", Cell.Of(standing.Nodes.Count)),
            ("threads", "threads", Cell.Of(standing.Nodes.Sum(node => (long)node.Value))));
    }

    // A person does not write the whole path.
    private string Key(string given) =>
        ResumeRules.ChangeableInRun(Run.Open.Configuration).FirstOrDefault(
            key => key.EndsWith($".{given}", StringComparison.Ordinal))
        ?? (given.StartsWith("involute.", StringComparison.Ordinal) ? given : $"involute.{given}");

    // Null for a person where there is none.
    private static string? Text(CommandCall call, IReadOnlyList<SettingChanged> changes)
    {
        if (call.Json || changes.Count == 0)
        {
            return call.Json ? AnswerText.Table(
                json: true,
                [("key", ""), ("from", ""), ("to", ""), ("afterOuterStep", ""), ("time", ""), ("by", "")],
                [
                    .. changes.Select(change => new[]
                    {
                        Cell.Of(change.Key), Cell.Of(change.From), Cell.Of(change.To), Cell.Of(change.Step),
                        Cell.Of(change.By is null ? (DateTimeOffset?)null : change.At),
                        Cell.Of(change.By),
                    }),
                ]) : null;
        }

        return string.Join('\n', changes.Select(change => string.Join('\n',
            TerminalLines.Behind($"after outer step {change.Step}  ", $"{change.Key}: {change.From} -> {change.To}"),
            TerminalLines.Behind("    ", change.By is { } by
                ? $"{Cell.Of(change.At).Text} by {by}"
                : "the ledger does not say when and by whom"))));
    }

    private void Show(CommandCall call, IReadOnlyList<SettingChanged> changes)
    {
        var count = (int)(call.Number(Rows, 1, RunWatch.StepsKept) ?? 20);
        WatchedStep[] steps = [.. Known.Steps.TakeLast(count)];
        Write(AnswerText.Table(
            call.Json,
            [("outerStep", "outer step"), ("time", "time (UTC)"), ("meanMetaLoss", "mean meta-loss"),
                ("gradientNorm", "gradient norm"), ("innerSteps", "inner steps")],
            [
                .. steps.Select(step => new[]
                {
                    Cell.Of(step.Step), Cell.Of(step.At), Cell.Of(step.MeanLoss, "G6"), Cell.Of(step.GradientNorm),
                    Cell.Of(step.InnerSteps),
                }),
            ]));
        Finish(steps is [var first, ..]
            ? Text(call, [.. changes.Where(change => change.Step >= first.Step - 1)]) ?? ""
            : "");
    }
}
