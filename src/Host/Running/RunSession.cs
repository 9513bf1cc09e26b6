using System.Diagnostics;
using Involute.Estimators.MetaOptimizers;
using Involute.Host.Cluster;
using Involute.Host.Errors;
using Involute.Host.Evaluation;
using Involute.Host.Reporting;
using Involute.Host.Watching;
using Involute.Hosting;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;
using Spectre.Console;

namespace Involute.Host.Running;

/// <summary>
/// What the command line does around a <see cref="TrainingRun"/>: signals, progress, files, plots, evaluation.
/// </summary>
internal sealed class RunSession : IDisposable
{
    // A stop that takes longer is worth a line.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    // Actors that end wait for nothing; a learner of a cluster also hands its place over to another, unless its store keeps
    // it waiting: then the other takes it as that of a dead process.
    private static readonly TimeSpan LongestEnding = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLeaving = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestUnsaved = TimeSpan.FromSeconds(3);

    private readonly StopSignals _signals;
    private readonly OpenRun _open;
    private readonly TrainingProgress _progress;
    private readonly RunRecorder _recorder;

    /// <summary>Prints the name of the run.</summary>
    /// <param name="open">The run.</param>
    /// <param name="signals">What asks it to stop; the session does not end them.</param>
    /// <param name="stamps">Whether lines have the time in front where they go to a log.</param>
    public RunSession(OpenRun open, StopSignals signals, bool stamps = false)
    {
        _open = open;
        _signals = signals;
        WarnOfLostPerturbations(open);
        WarnOfStandstill(open.Configuration);
        if (StackingAdvice.Of(open.Configuration, open.Plan) is { } advice)
        {
            Console.Error.WriteLine(advice);
        }

        Console.WriteLine(open.StandsBy
            ? $"standby of run {open.Folder.RunId} in {open.Folder.FullPath}: it leads when the learner that leads now is gone"
            : $"run {open.Folder.RunId} in {open.Folder.FullPath}");
        foreach (var line in open.Forked)
        {
            Console.WriteLine(line);
        }

        if (open.Sizes.IsLarge)
        {
            Console.WriteLine($"{open.Sizes}; 'involute plan' with the same options says what else the run needs");
        }

        _progress = new TrainingProgress(
            AnsiConsole.Console, Console.Error, TimeProvider.System, open.Configuration.OuterSteps, stamps: stamps);
        _recorder = new RunRecorder(
            open.Folder, open.Plan, _progress, open.Configuration, () => RunTimeline.Read(open.Store).Seconds,
            open.Sizes.IsLarge ? new FirstPace(TimeProvider.System, open.Configuration.OuterSteps) : null, open.StandsBy);
    }

    /// <summary>Makes sure, before a run is begun, that workers of this machine could reach this process.</summary>
    /// <exception cref="IOException">They could not; one line.</exception>
    public static void RequireWorkersCanJoin(int workers)
    {
        if (workers > 0)
        {
            LocalWorkers.Learner.Learner.RequireFree();
        }
    }

    /// <summary>
    /// Computes a run to its end: in this process, or with workers of this machine (<c>--workers N</c>).
    /// </summary>
    /// <param name="open">The run.</param>
    /// <param name="signals">What asks it to stop.</param>
    /// <param name="workers">Worker processes; 0 to compute in this one.</param>
    /// <param name="evaluate">Whether theta is evaluated at the end.</param>
    /// <param name="console">Its console, or null.</param>
    /// <param name="web">What it serves over HTTP, or null.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        OpenRun open, StopSignals signals, int workers, bool evaluate, ConsoleOptions? console, ProcessWeb? web)
    {
        using var session = new RunSession(open, signals);
        if (workers == 0)
        {
            var alone = await TrainingRun.LeadAsync(open, session.Options(null, console, web), CancellationToken.None);
            session.TellConsole(alone);
            web?.Serve(alone);
            return await session.CompleteAsync(alone, evaluate);
        }

        session._recorder.ForgetNodes();
        var run = await TrainingRun.LeadAsync(
            open, session.Options(LocalWorkers.Learner, console, web), CancellationToken.None);
        session.TellConsole(run);
        web?.Serve(run);
        var threads = Math.Max(1, open.Configuration.ComputeThreads() / workers);
        return await session.CompleteAsync(
            run,
            evaluate,
            LocalWorkers.Start(workers, threads, run.Address!.Value, open.Configuration.PluginFolder, open.Configuration.Gpu.Device, session.Warn));
    }

    /// <summary>The options of the run, with this session as its observer.</summary>
    /// <param name="place">Its place in a cluster, or null.</param>
    /// <param name="console">Its console, or null.</param>
    /// <param name="web">What it serves over HTTP, or null.</param>
    public TrainingRunOptions Options(ClusterArguments? place, ConsoleOptions? console, ProcessWeb? web) => new()
    {
        Console = console,
        Web = web?.Address,
        Observe = _ => _recorder,
        Cluster = place?.Learner,
    };

    /// <summary>Waits for a run to end, and shows the result.</summary>
    /// <param name="run">The run; its actors have ended when this returns.</param>
    /// <param name="evaluate">Whether theta is evaluated at the end.</param>
    /// <param name="workers">Processes that compute for the run and end with it, or null.</param>
    /// <returns>The exit code; with anything but <see cref="ExitCode.Ok"/> the reason has been printed.</returns>
    public async Task<int> CompleteAsync(TrainingRun run, bool evaluate, LocalWorkers? workers = null)
    {
        RunOutcome? outcome = null;
        try
        {
            outcome = await EndAsync(run, workers?.Hopeless ?? new TaskCompletionSource<string>().Task);
        }
        finally
        {
            await Task.WhenAll(
                workers?.DisposeAsync().AsTask() ?? Task.CompletedTask, BoundedEnd.OfAsync(run, Patience(run, outcome)));
        }

        _progress.Complete();
        var code = Report(outcome);
        _recorder.Ended(outcome, _open.Plan.Problem.Name, _open.Configuration.Plots);
        return code == ExitCode.Ok ? Conclude(outcome, evaluate) : code;
    }

    /// <summary>Says where the console of a run listens.</summary>
    public void TellConsole(TrainingRun run)
    {
        if (run.ConsoleAddress is { } console)
        {
            Console.WriteLine($"console on {console}: 'involute console {_open.Folder.RunId}' asks and steers");
        }
    }

    /// <summary>Shows a warning beside the progress.</summary>
    public void Warn(string message) => _recorder.Warned(message);

    /// <inheritdoc/>
    public void Dispose() => _recorder.Dispose();

    private static TimeSpan Patience(TrainingRun run, RunOutcome? outcome) =>
        run.Address is null ? LongestEnding : IsUnsaved(outcome) ? LongestUnsaved : LongestLeaving;

    private static bool IsUnsaved(RunOutcome? outcome) =>
        outcome is { Status: RunStatus.Interrupted }
        && outcome.State?.Theta.Version.Value != outcome.CheckpointStep;

    private async Task<RunOutcome> EndAsync(TrainingRun run, Task<string> hopeless)
    {
        await Task.WhenAny(run.Completion, _signals.First, hopeless);
        if (!run.Completion.IsCompleted)
        {
            run.RequestStop();
            await Task.WhenAny(run.Completion, Task.Delay(Silence, TimeProvider.System));
            if (!run.Completion.IsCompleted)
            {
                _progress.Say("stopping: finishing the outer step and its checkpoint; a second signal ends the process at once");
            }
        }

        var outcome = await run.Completion;
        return hopeless.IsCompleted ? outcome with { Status = RunStatus.Failed, Message = await hopeless } : outcome;
    }

    private int Conclude(RunOutcome outcome, bool evaluate)
    {
        if (_open.StandsBy && !_recorder.HasStepped)
        {
            Console.WriteLine($"run {_open.Folder.RunId} is finished: another learner has led it to its end");
            return ExitCode.Ok;
        }

        if (evaluate)
        {
            Console.WriteLine("evaluating on fresh trajectories");
            Evaluations.Run(
                _open.Folder, [EvaluatedOn.Training(_open.Plan, _open.Configuration.OuterSteps)], outcome.State!.Theta,
                new EvaluationRequest(_open.Configuration.ComputeThreads(), Colours: _open.Configuration.Plots));
        }

        Console.WriteLine(
            $"{(evaluate ? "metrics, plots and the evaluation" : "metrics and plots")} are in {_open.Folder.FullPath}");
        return ExitCode.Ok;
    }

    private int Report(RunOutcome outcome) => outcome.Status switch
    {
        RunStatus.Finished => ExitCode.Ok,
        RunStatus.Interrupted => Report(
            _signals.First.IsCompletedSuccessfully ? _signals.First.Result : ExitCode.Terminated, Stopped(outcome)),
        RunStatus.Diverged => Report(ExitCode.Diverged, outcome.Message),
        RunStatus.BadData => Report(ExitCode.Data, outcome.Message),
        RunStatus.Held => Report(ExitCode.RunHeld, outcome.Message),
        RunStatus.StorageFailed => Report(ExitCode.InputOutput, outcome.Message),
        RunStatus.Failed => Report(ExitCode.Internal, outcome.Message),
        RunStatus.Downed => Report(ExitCode.Downed, outcome.Message),
        RunStatus.NotJoined => Report(ExitCode.CannotConnect, outcome.Message),
        RunStatus.NotTrusted => Report(ExitCode.NotLetIn, outcome.Message),
        _ => throw new UnreachableException($"unknown status {outcome.Status}"),
    };

    private static string Stopped(RunOutcome outcome) => outcome.State?.Theta.Version.Value switch
    {
        null => outcome.Message,
        { } step when step == outcome.CheckpointStep =>
            $"stopped after outer step {step}; checkpoint saved, 'involute resume' goes on from here",
        { } step =>
            $"stopped after outer step {step}{(outcome.Message.Length > 0 ? $": {outcome.Message}" : "")}; the newest "
            + $"checkpoint is of step {outcome.CheckpointStep}, 'involute resume' goes on from there and computes the rest "
            + "again",
    };

    private static int Report(int code, string message)
    {
        CommandErrors.Print(message);
        return code;
    }

    // Below this, theta + ε and theta − ε agree with theta in so many digits that their difference is mostly rounding.
    private static void WarnOfLostPerturbations(OpenRun open)
    {
        var largest = 0.0;
        foreach (var value in open.Initial.Theta.Values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        var sigma = open.Configuration.Sigma;
        if (sigma < largest / 4096)
        {
            Console.Error.WriteLine(
                $"warning: involute.sigma = {sigma:R} is below 2^-12 of the largest theta ({largest:R}): "
                + "float32 rounds most of a perturbation away");
        }
    }

    // A run that was made longer keeps its schedule, which may have come down to nothing.
    private static void WarnOfStandstill(RunConfiguration configuration)
    {
        var step = configuration.MetaOptimizer.Step;
        var still = ((long)step.DecaySteps * step.Accumulate) + 1;
        if (step is { LearningRateSchedule: RateSchedule.Cosine, FinalLearningRate: 0 } && still <= configuration.OuterSteps)
        {
            Console.Error.WriteLine(
                $"warning: the meta-learning-rate is 0 from outer step {still} on (decay-steps = {step.DecaySteps}), and theta stays "
                + "as it is: a fork can have another schedule ('involute train --from')");
        }
    }
}
