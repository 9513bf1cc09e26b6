using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Host.Reporting.Plots;
using Involute.Runs;
using Involute.Runs.Folders;

namespace Involute.Host.Running;

/// <summary>Writes down what a run does: metrics.csv, pairs.csv, and the progress on the screen.</summary>
/// <remarks>
/// None of it ends a run: what cannot be written is told once, and tried again with the next step. A table that cannot be
/// opened at the start is told of, and lacks the whole run of this process.
/// </remarks>
internal sealed class RunRecorder : IRunObserver, IDisposable
{
    private readonly RunFolder _folder;
    private readonly TrainingPlan<float> _plan;
    private readonly TrainingProgress _progress;
    private readonly FilesForPeople _files;
    private MetricsCsv? _metrics;
    private PairsCsv? _pairs;

    public RunRecorder(RunFolder folder, TrainingPlan<float> plan, TrainingProgress progress)
    {
        _folder = folder;
        _plan = plan;
        _progress = progress;
        _files = new FilesForPeople(progress.Warn);
    }

    /// <summary>Whether this process has led the run: only then does it write the run's files.</summary>
    public bool HasLed { get; private set; }

    /// <summary>Whether it has done a step.</summary>
    public bool HasStepped { get; private set; }

    public void Started(OuterState<float> state, IReadOnlyList<string> warnings)
    {
        HasLed = true;
        foreach (var warning in warnings)
        {
            _progress.Warn(warning);
        }

        var step = state.Theta.Version.Value;
        _files.Write(
            _folder.Status, () => _folder.WriteStatus(new RunStatusFile(RunStatusFile.Running, step)));
        _files.Write(
            _folder.Metrics, () => _metrics = MetricsCsv.Open(_folder.Metrics, _plan, step, _progress.Warn));
        _files.Write(_folder.Pairs, () => _pairs = PairsCsv.Open(_folder.Pairs, step, _progress.Warn));
    }

    public void StepCompleted(OuterStepResult<float> result)
    {
        HasStepped = true;
        var step = result.Version.Value;
        if (_metrics is not null)
        {
            _files.WriteStep(_folder.Metrics, step, () => _metrics.Append(result));
        }

        if (_pairs is not null)
        {
            _files.WriteStep(_folder.Pairs, step, () => _pairs.Append(result));
        }

        _progress.StepCompleted(result);
    }

    public void CheckpointSaved(long step)
    {
        // The ledger and `show` report it; on the screen it would be noise.
    }

    public void Warned(string message) => _progress.Warn(message);

    /// <summary>Removes the list of the nodes of an earlier process, which are gone.</summary>
    public void ForgetNodes() => _files.Write(_folder.Nodes, () => File.Delete(_folder.Nodes));

    /// <summary>Writes the record of the run's end, and draws its plots.</summary>
    public void Ended(RunOutcome outcome, string title)
    {
        if (HasLed && RunStatusFile.Of(outcome) is { } record)
        {
            _files.Write(_folder.Status, () => _folder.WriteStatus(record));
        }

        if (HasLed && outcome.Status != RunStatus.Held && File.Exists(_folder.Metrics))
        {
            _files.Draw(() => RunPlots.WriteTraining(_folder, title));
        }
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _pairs?.Dispose();
    }
}
