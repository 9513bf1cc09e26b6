using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Runs;

namespace Involute.Actors.Palettes;

/// <summary>
/// What a run has come to, for those that ask: it keeps references to what each step has made anyway, and works nothing out
/// before it is asked.
/// </summary>
/// <param name="time">For rates.</param>
/// <param name="news">Takes what the run tells its user.</param>
internal sealed class RunWatch(TimeProvider time, NodeLines news) : IRunObserver
{
    /// <summary>Outer steps whose numbers are kept.</summary>
    public const int StepsKept = 512;

    private readonly Lock _gate = new();
    private readonly Queue<WatchedStep> _steps = [];
    private ThinnedThetas _thetas = new();
    private OuterState<float>? _state;
    private OuterStepResult<float>? _last;
    private StepCourse? _course;
    private long _checkpoint;
    private bool _hasLed;

    /// <summary>What is known now; null before this process has led the run.</summary>
    public WatchedRun? Look()
    {
        lock (_gate)
        {
            return _hasLed ? new WatchedRun(_state!, _last, _course, _checkpoint, [.. _steps]) : null;
        }
    }

    /// <summary>Thetas of some of the steps since this process leads, oldest first.</summary>
    public IReadOnlyList<Theta<float>> Thetas()
    {
        lock (_gate)
        {
            return _thetas.Kept;
        }
    }

    /// <inheritdoc/>
    public void Started(OuterState<float> state, IReadOnlyList<string> warnings)
    {
        ArgumentNullException.ThrowIfNull(state);
        news.Add($"the run is led from here, from outer step {state.Theta.Version} on");
        lock (_gate)
        {
            (_state, _last, _course, _hasLed) = (state, null, null, true);
            _checkpoint = state.Theta.Version.Value;
            _steps.Clear();
            _thetas = new ThinnedThetas();
            _thetas.Add(state.Theta);
        }
    }

    /// <inheritdoc/>
    public void StepCompleted(OuterStepResult<float> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        lock (_gate)
        {
            (_state, _last) = (result.State, result);
            _thetas.Add(result.State.Theta);
            _steps.Enqueue(new WatchedStep(
                result.Version.Value, result.MeanLoss, result.GradientNorm, result.InnerSteps, time.GetUtcNow()));
            if (_steps.Count > StepsKept)
            {
                _steps.Dequeue();
            }
        }
    }

    /// <inheritdoc/>
    public void StepMeasured(OuterStepResult<float> result, StepCourse course)
    {
        lock (_gate)
        {
            _course = course;
        }
    }

    /// <inheritdoc/>
    public void CheckpointSaved(long step)
    {
        lock (_gate)
        {
            _checkpoint = Math.Max(_checkpoint, step);
        }
    }

    /// <inheritdoc/>
    public void Warned(string message) => news.Add(message);

    /// <inheritdoc/>
    void IRunObserver.Told(RunNews it)
    {
        ArgumentNullException.ThrowIfNull(it);
        news.Add(it.Text);
    }
}

/// <summary>What a run has come to.</summary>
/// <param name="State">Theta and the meta-optimizer's memory.</param>
/// <param name="Last">The last step that this process has seen; null before the first.</param>
/// <param name="Course">How the last step came about; null before the first.</param>
/// <param name="CheckpointStep">The last checkpoint that is on disk; 0 if none.</param>
/// <param name="Steps">The last steps, oldest first.</param>
internal sealed record WatchedRun(
    OuterState<float> State, OuterStepResult<float>? Last, StepCourse? Course, long CheckpointStep,
    IReadOnlyList<WatchedStep> Steps)
{
    private const double LongPause = 20;

    /// <summary>Outer steps that are done.</summary>
    public long Step => State.Theta.Version.Value;

    /// <summary>Outer steps and inner steps in a second, over the last steps; null if there were too few.</summary>
    public (double Outer, double Inner)? Rate
    {
        get
        {
            // A run that was held, or waited for its workers, has not computed meanwhile.
            var steps = Steps.Zip(Steps.Skip(1), (one, next) => (Seconds: (next.At - one.At).TotalSeconds, next.InnerSteps))
                .ToList();
            var usual = steps.Select(step => step.Seconds).Order().ElementAtOrDefault(steps.Count / 2);
            steps.RemoveAll(step => step.Seconds > LongPause * usual);
            var seconds = steps.Sum(step => step.Seconds);
            return seconds > 0
                ? (steps.Count / seconds, steps.Sum(step => (double)step.InnerSteps) / seconds)
                : null;
        }
    }
}

/// <summary>The numbers of a step.</summary>
internal readonly record struct WatchedStep(
    long Step, double MeanLoss, double GradientNorm, long InnerSteps, DateTimeOffset At);
