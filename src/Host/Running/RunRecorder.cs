using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Host.Reporting.Plots;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;

namespace Involute.Host.Running;

/// <summary>Writes down what a run does: its tables, what depends on the clock, and the progress on the screen.</summary>
/// <remarks>
/// None of it ends a run: what cannot be written is told once, and tried again with the next step.
/// </remarks>
internal sealed class RunRecorder : IRunObserver, ISettingsObserver, IDisposable
{
    private readonly RunFolder _folder;
    private readonly TrainingPlan<float> _plan;
    private readonly TrainingProgress _progress;
    private readonly FilesForPeople _files;
    private readonly ClockRecorder? _clock;
    private readonly RunLog _log;
    private readonly Func<double> _worked;
    private readonly FirstPace? _firstPace;
    private readonly long _firstStep;
    private readonly bool _standsBy;
    private MetricsCsv? _metrics;
    private PairsCsv? _pairs;

    /// <param name="folder">The run's folder.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="progress">The screen.</param>
    /// <param name="configuration">Its settings; null to write nothing that depends on the clock.</param>
    /// <param name="worked">Seconds that learners have been at work, by the ledger.</param>
    /// <param name="firstPace">Measures the first steps of a run whose size is told; null to tell nothing of them.</param>
    /// <param name="standsBy">Whether the process waits to lead, and says so when it does.</param>
    public RunRecorder(
        RunFolder folder, TrainingPlan<float> plan, TrainingProgress progress, RunConfiguration? configuration = null,
        Func<double>? worked = null, FirstPace? firstPace = null, bool standsBy = false)
    {
        _standsBy = standsBy;
        _firstPace = firstPace;
        _worked = worked ?? (() => 0);
        _folder = folder;
        _plan = plan;
        _progress = progress;
        _files = new FilesForPeople(Warned);
        _log = new RunLog(folder, TimeProvider.System);
        _firstStep = (folder.ReadOrigin()?.Step ?? 0) + 1;
        _clock = configuration is null
            ? null
            : new ClockRecorder(folder, configuration, plan, _files, Warned, Told, TimeProvider.System);
    }

    /// <summary>Whether this process has led the run: only then does it write the run's files.</summary>
    public bool HasLed { get; private set; }

    /// <summary>Whether it has done a step.</summary>
    public bool HasStepped { get; private set; }

    public void Started(OuterState<float> state, IReadOnlyList<string> warnings)
    {
        HasLed = true;
        var beginning = Beginning(state.Theta.Version.Value);
        Log(beginning);
        if (_standsBy)
        {
            _progress.Say(beginning.Text);
        }

        foreach (var warning in warnings)
        {
            Warned(warning);
        }

        var step = state.Theta.Version.Value;
        _files.Write(
            _folder.Status, () => _folder.WriteStatus(new RunStatusFile(RunStatusFile.Running, step)));
        _files.Open(_folder.Metrics, step + 1, () => _ = OpenMetrics(step));
        _files.Open(_folder.Pairs, step + 1, () => _ = OpenPairs(step));
        _clock?.Started(state, _worked);
    }

    public void StepCompleted(OuterStepResult<float> result)
    {
        HasStepped = true;
        var step = result.Version.Value;
        _files.WriteStep(_folder.Metrics, step, () => OpenMetrics(step - 1).Append(result));
        _files.WriteStep(_folder.Pairs, step, () => OpenPairs(step - 1).Append(result));
        _progress.StepCompleted(result);
        if (_firstPace?.StepDone(result) is { } pace)
        {
            _progress.Say(pace);
        }
    }

    public void StepMeasured(OuterStepResult<float> result, StepCourse course) =>
        _clock?.StepMeasured(result, course);

    public void SettingsChanged(RunConfiguration settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _progress.OuterSteps = settings.OuterSteps;
        _clock?.SettingsChanged(settings);
    }

    // On the screen it would be noise.
    public void CheckpointSaved(long step) => _clock?.CheckpointSaved(step);

    public void Warned(string message) => Told(new RunNews(RunNews.Warning, message) { IsWarning = true });

    public void Told(RunNews news)
    {
        Log(news);
        if (news.IsWarning)
        {
            _clock?.Warned(news.Text);
            _progress.Warn(news.Text);
        }
        else
        {
            _progress.Say(news.Text);
        }
    }

    /// <summary>Removes the list of the nodes of an earlier process, which are gone.</summary>
    public void ForgetNodes() => _files.Write(_folder.Nodes, () => File.Delete(_folder.Nodes));

    /// <summary>Writes the record of the run's end, and draws its plots.</summary>
    public void Ended(RunOutcome outcome, string title, PlotColours colours = PlotColours.Light)
    {
        if (HasLed && RunStatusFile.Of(outcome) is { } record)
        {
            _files.Write(_folder.Status, () => _folder.WriteStatus(record));
        }

        Log(new RunNews("ended", Ending(outcome))
        {
            IsWarning = outcome.Status is not (RunStatus.Finished or RunStatus.Interrupted),
            Step = outcome.State?.Theta.Version.Value,
        });
        if (HasLed && outcome.Status != RunStatus.Held && File.Exists(_folder.Metrics))
        {
            _files.Draw(() => RunPlots.WriteTraining(_folder, title, colours));
        }
    }

    private string Ending(RunOutcome outcome) => outcome switch
    {
        { Message.Length: > 0 } => outcome.Message,
        { Status: RunStatus.Finished } => $"run {_folder.RunId} is finished",
        _ => $"run {_folder.RunId} was stopped after outer step {outcome.State?.Theta.Version.Value ?? 0}",
    };

    private RunNews Beginning(long step)
    {
        var by = $"led by process {Environment.ProcessId}";
        return (_standsBy, step == _firstStep - 1) switch
        {
            (true, _) => new RunNews("taken-over", $"this process leads run {_folder.RunId} now, from outer step {step}")
            {
                Step = step,
            },
            (_, true) => new RunNews("started", $"run {_folder.RunId} begins, {by}") { Step = step },
            _ => new RunNews("resumed", $"run {_folder.RunId} goes on from outer step {step}, {by}") { Step = step },
        };
    }

    // A process that does not lead writes nothing. Each line tries again by itself, so nothing is said to be missing.
    private void Log(RunNews news)
    {
        if (HasLed)
        {
            _files.Open(_folder.Log, 1, () => _log.Append(news));
        }
    }

    private MetricsCsv OpenMetrics(long done) =>
        _metrics ??= MetricsCsv.Open(_folder.Metrics, _plan.Problem.Layout, done, Warning(done));

    private PairsCsv OpenPairs(long done) => _pairs ??= PairsCsv.Open(_folder.Pairs, done, Warning(done));

    // A fork begins behind steps that are another run's: it has no rows of them.
    private Action<string> Warning(long done) => done == _firstStep - 1 ? _ => { } : Warned;

    public void Dispose()
    {
        _metrics?.Dispose();
        _pairs?.Dispose();
        _clock?.Dispose();
    }
}
