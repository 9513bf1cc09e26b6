using System.Diagnostics;
using Involute.Actors.Local;
using Involute.Estimators;
using Involute.Runs.Configuration;
using Involute.Host.Reporting;
using Involute.Runs.Folders;
using Involute.Runs;
using Involute.Runs.Claims;
using Involute.Runs.Stores;
using Spectre.Console;

namespace Involute.Host.Running;

/// <summary>One process's share of a run: from its start or a checkpoint to its end, a signal or an error.</summary>
internal sealed class TrainingSession(
    RunFolder folder,
    RunConfiguration configuration,
    TrainingPlan<float> plan,
    IRunStore store,
    Task<RunClaimedException> lost,
    IRunStart start,
    IAnsiConsole console)
{
    /// <summary>Whether this process has led the run, for at least a moment.</summary>
    public bool HasLed { get; private set; }

    /// <summary>Whether it has taken the run further.</summary>
    public bool HasStepped { get; private set; }

    /// <summary>Runs until the end.</summary>
    /// <param name="resume">Whether there is something to go on from.</param>
    /// <param name="changes">Settings that the resume has changed.</param>
    /// <returns>The exit code; with anything but <see cref="ExitCode.Ok"/> the reason has been printed.</returns>
    /// <exception cref="RunClaimedException">Another learner has taken the run; nothing more was written.</exception>
    public async Task<int> RunAsync(bool resume, IReadOnlyList<SettingChange> changes)
    {
        using var signals = new StopSignals();
        var progress = new TrainingProgress(console, Console.Error, TimeProvider.System, configuration.OuterSteps);
        using var recorder = new RunRecorder(folder, plan.Problem.Layout, progress);
        RunOutcome outcome;
        await using (var run = await start.StartAsync(Options(resume, changes), recorder))
        {
            var end = Task.WhenAny(run.Completion, lost);
            await Task.WhenAny(end, signals.First, recorder.Broken);
            if (!end.IsCompleted)
            {
                run.RequestStop();
                await end;
            }

            outcome = run.Completion.IsCompleted ? await run.Completion : throw await lost;
        }

        progress.Complete();
        (HasLed, HasStepped) = (recorder.HasLed, recorder.HasStepped);
        if (HasLed && RunStatusFile.Of(outcome) is { } record)
        {
            folder.WriteStatus(record);
        }

        return recorder.Broken.IsCompleted
            ? Report(ExitCode.InputOutput, (await recorder.Broken).Message)
            : Report(outcome, signals);
    }

    private static int Report(RunOutcome outcome, StopSignals signals) => outcome.Status switch
    {
        RunStatus.Finished => ExitCode.Ok,
        RunStatus.Interrupted => Report(
            signals.First.IsCompletedSuccessfully ? signals.First.Result : ExitCode.Terminated,
            Stopped(outcome)),
        RunStatus.Diverged => Report(ExitCode.Diverged, outcome.Message),
        RunStatus.BadData => Report(ExitCode.Data, outcome.Message),
        RunStatus.Held => Report(ExitCode.RunHeld, outcome.Message),
        RunStatus.StorageFailed => Report(ExitCode.InputOutput, outcome.Message),
        RunStatus.Failed => Report(ExitCode.Internal, outcome.Message),
        RunStatus.Downed => Report(ExitCode.Downed, outcome.Message),
        RunStatus.NotJoined => Report(ExitCode.CannotConnect, outcome.Message),
        _ => throw new UnreachableException($"unknown status {outcome.Status}"),
    };

    private static string Stopped(RunOutcome outcome) => outcome.State?.Theta.Version.Value switch
    {
        null => outcome.Message,
        { } step when step == outcome.CheckpointStep =>
            $"stopped after outer step {step}; checkpoint saved, 'involute resume' goes on from here",
        { } step =>
            $"stopped after outer step {step}; the newest checkpoint is of step {outcome.CheckpointStep}, 'involute resume' goes on from there and computes the rest again",
    };

    private static int Report(int code, string message)
    {
        CommandErrors.Print(message);
        return code;
    }

    private RunOptions Options(bool resume, IReadOnlyList<SettingChange> changes) => new(
        new RunId(folder.RunId),
        folder.FullPath,
        plan,
        configuration.IdentitySha256(),
        configuration.OuterSteps,
        configuration.CheckpointInterval,
        configuration.ComputeThreads(),
        resume,
        [.. changes.Select(change => (change.Key, change.Before ?? string.Empty, change.After ?? string.Empty))],
        configuration.MaxPairRestarts,
        configuration.Akka)
    {
        Store = store,
    };
}
