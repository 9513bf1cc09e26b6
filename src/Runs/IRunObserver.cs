using Involute.Estimators;

namespace Involute.Runs;

/// <summary>What a host hears of a run, in order, one call at a time. Calls must return quickly.</summary>
public interface IRunObserver
{
    /// <summary>The run starts from this state: its initial one, or that of a checkpoint.</summary>
    /// <param name="state">Theta and its version.</param>
    /// <param name="warnings">What recovery had to pass over.</param>
    void Started(OuterState<float> state, IReadOnlyList<string> warnings);

    /// <summary>An outer step is done. It may not be on disk yet.</summary>
    void StepCompleted(OuterStepResult<float> result);

    /// <summary>How that step came about; comes right after it.</summary>
    void StepMeasured(OuterStepResult<float> result, StepCourse course)
    {
    }

    /// <summary>A checkpoint is on disk.</summary>
    void CheckpointSaved(long step);

    /// <summary>Something an operator should know, one line. May come at any time, also beside another call.</summary>
    void Warned(string message);

    /// <summary>
    /// Something that happened, a warning or not. May come at any time, also beside another call. By default warnings go to
    /// <see cref="Warned"/>, and other news nowhere.
    /// </summary>
    void Told(RunNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        if (news.IsWarning)
        {
            Warned(news.Text);
        }
    }
}

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>All outer steps are done and checkpointed.</summary>
    Finished,

    /// <summary>Stopped on request, checkpointed, can be resumed.</summary>
    Interrupted,

    /// <summary>
    /// Theta or (under policy fail) an inner problem is no longer finite; the last good checkpoint stands.
    /// </summary>
    Diverged,

    /// <summary>The store is damaged or of another run.</summary>
    BadData,

    /// <summary>Another learner writes this run.</summary>
    Held,

    /// <summary>The store could not be written for good.</summary>
    StorageFailed,

    /// <summary>A bug: a pair actor kept failing, or the learner did.</summary>
    Failed,

    /// <summary>The cluster has declared this process gone; the run can be resumed.</summary>
    Downed,

    /// <summary>No member of the cluster answered.</summary>
    NotJoined,

    /// <summary>A member of the cluster answered, and one of the two does not accept the other's certificate.</summary>
    NotTrusted,
}

/// <summary>The end of a run.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="State">The last state; null if the run never started.</param>
/// <param name="MeanLoss">Mean meta-loss of the last step; NaN if there was none.</param>
/// <param name="CheckpointStep">The last step that is safe on disk; 0 if none.</param>
/// <param name="Message">One line for a person; empty when finished.</param>
public sealed record RunOutcome(
    RunStatus Status, OuterState<float>? State, double MeanLoss, long CheckpointStep, string Message);
