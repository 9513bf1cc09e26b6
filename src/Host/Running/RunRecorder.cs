using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Runs;
using Involute.Runs.Folders;

namespace Involute.Host.Running;

/// <summary>Writes down what a run does: metrics.csv, pairs.csv, and the progress on the screen.</summary>
internal sealed class RunRecorder : IRunObserver, IDisposable
{
    private readonly RunFolder _folder;
    private readonly TrainingPlan<float> _plan;
    private readonly TrainingProgress _progress;
    private readonly TaskCompletionSource<IOException> _broken =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MetricsCsv? _metrics;
    private PairsCsv? _pairs;

    public RunRecorder(RunFolder folder, TrainingPlan<float> plan, TrainingProgress progress)
    {
        _folder = folder;
        _plan = plan;
        _progress = progress;
    }

    /// <summary>Whether this process has led the run: only then does it write the run's files.</summary>
    public bool HasLed { get; private set; }

    /// <summary>Whether it has done a step.</summary>
    public bool HasStepped { get; private set; }

    /// <summary>
    /// Completes when a file can no longer be written: the run should stop; what it has computed is in the store.
    /// </summary>
    public Task<IOException> Broken => _broken.Task;

    public void Started(OuterState<float> state, IReadOnlyList<string> warnings)
    {
        HasLed = true;
        foreach (var warning in warnings)
        {
            _progress.Warn(warning);
        }

        Write(() =>
        {
            _folder.WriteStatus(new RunStatusFile(RunStatusFile.Running, state.Theta.Version.Value));
            _metrics = MetricsCsv.Open(_folder.Metrics, _plan, state.Theta.Version.Value, _progress.Warn);
            _pairs = PairsCsv.Open(_folder.Pairs, state.Theta.Version.Value, _progress.Warn);
        });
    }

    public void StepCompleted(OuterStepResult<float> result)
    {
        HasStepped = true;
        Write(() =>
        {
            _metrics?.Append(result);
            _pairs?.Append(result);
        });
        _progress.StepCompleted(result);
    }

    public void CheckpointSaved(long step)
    {
        // The ledger and `show` report it; on the screen it would be noise.
    }

    public void Warned(string message) => _progress.Warn(message);

    public void Dispose()
    {
        _metrics?.Dispose();
        _pairs?.Dispose();
    }

    // The learner must not fail because a report cannot be written; the session learns of it and stops the run cleanly.
    private void Write(Action write)
    {
        if (_broken.Task.IsCompleted)
        {
            return;
        }

        try
        {
            write();
        }
        catch (IOException exception)
        {
            _broken.TrySetResult(exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            _broken.TrySetResult(new IOException(exception.Message, exception));
        }
    }
}
