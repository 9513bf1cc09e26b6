using Involute.Runs;
using static Involute.Actors.Learning.LearnerEffect;

namespace Involute.Actors.Learning;

/// <content>What the store and the operator say, and how a run ends.</content>
public sealed partial class LearnerState
{
    /// <summary>A step is on disk.</summary>
    public IReadOnlyList<LearnerEffect> StepSaved(long step)
    {
        _store.Saved(step);
        StoreMoved();
        return Take();
    }

    /// <summary>A checkpoint is on disk.</summary>
    public IReadOnlyList<LearnerEffect> CheckpointSaved(long step)
    {
        Save(_store.Committed(step));
        Emit(new ReportCheckpoint(step));
        StoreMoved();
        return Take();
    }

    /// <summary>A checkpoint could not be written; the one before holds.</summary>
    public IReadOnlyList<LearnerEffect> CheckpointFailed(long step, string reason)
    {
        Save(_store.Failed());
        Emit(new Warn(
            $"the checkpoint of step {step} could not be written ({reason}): "
            + $"that of step {_store.CheckpointStep} holds"));
        var wasTheLast = Phase == LearnerPhase.Finishing && step == _state.Theta.Version.Value;
        if (wasTheLast && _end.Status is RunStatus.Finished or RunStatus.Interrupted)
        {
            _end = (RunStatus.StorageFailed, $"the checkpoint of step {step} could not be written: {reason}");
        }

        StoreMoved();
        return Take();
    }

    /// <summary>The store does not answer: the step in flight is finished, no other is begun.</summary>
    public IReadOnlyList<LearnerEffect> StoreUnavailable(string reason)
    {
        if (!_store.IsDown)
        {
            _store.IsDown = true;
            Emit(new Warn($"the store does not answer ({reason}): no further step is begun until it does"));
        }

        return Take();
    }

    /// <summary>The store answers again.</summary>
    public IReadOnlyList<LearnerEffect> StoreAvailable()
    {
        if (_store.IsDown)
        {
            _store.IsDown = false;
            Emit(new Warn("the store answers again: the run goes on"));
        }

        StoreMoved();
        return Take();
    }

    /// <summary>The store cannot be used at all.</summary>
    public IReadOnlyList<LearnerEffect> StoreFailed(RunStatus status, string reason)
    {
        End(status, reason);
        return Take();
    }

    /// <summary>Someone wants the run to stop: it finishes its step and saves a checkpoint.</summary>
    public IReadOnlyList<LearnerEffect> StopRequested()
    {
        _stopRequested = true;
        var nothingRuns = Phase == LearnerPhase.Paused || (Phase == LearnerPhase.Stepping && !_homes.HasNodes);
        if (nothingRuns)
        {
            GoOn();
        }

        return Take();
    }

    private void StoreMoved()
    {
        if (Phase == LearnerPhase.Paused && !_store.IsDown && !_store.IsFull)
        {
            GoOn();
        }
        else if (Phase == LearnerPhase.Finishing && _store.HasCaughtUp)
        {
            End(_end.Status, _end.Message);
        }
    }

    // The run's end is decided; it is reported when everything before it is on disk.
    private void Finish(RunStatus status, string message)
    {
        _end = (status, message);
        Phase = LearnerPhase.Finishing;
        StoreMoved();
    }

    private void End(RunStatus status, string message)
    {
        if (Phase == LearnerPhase.Ended)
        {
            return;
        }

        Phase = LearnerPhase.Ended;
        var standing = status is RunStatus.Diverged or RunStatus.Failed
            ? $"{message}; the last checkpoint is of step {_store.CheckpointStep}"
            : message;
        Emit(new EndRun(new RunOutcome(status, _state, _meanLoss, _store.CheckpointStep, standing)));
    }
}
