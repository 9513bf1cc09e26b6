using Involute.Runs.Checkpoints;

namespace Involute.Actors.Learning;

/// <summary>How far the store is behind the run: bounded, and never waited for within a step.</summary>
/// <remarks>
/// One checkpoint is being written at a time; of those that become due meanwhile only the newest is kept, since it makes
/// the others useless.
/// </remarks>
internal sealed class StoreProgress(long step, int maxUnsavedSteps)
{
    private long _recorded = step;
    private long _saved = step;
    private long? _writing;
    private Checkpoint? _waiting;
    private bool _full;

    /// <summary>The last step whose checkpoint is on disk; 0 if none.</summary>
    public long CheckpointStep { get; private set; } = step;

    /// <summary>Whether the store does not answer.</summary>
    public bool IsDown { get; set; }

    /// <summary>Steps that the store has not confirmed.</summary>
    public long Unsaved => _recorded - _saved;

    /// <summary>Whether the run is too far ahead: from a full queue until half of it is drained.</summary>
    public bool IsFull => _full = Unsaved >= maxUnsavedSteps || (_full && Unsaved > maxUnsavedSteps / 2);

    /// <summary>Whether everything that was given to the store is on disk.</summary>
    public bool HasCaughtUp => Unsaved == 0 && _writing is null;

    /// <summary>Whether the checkpoint of a step is on disk or on its way there.</summary>
    public bool Has(long step) => CheckpointStep == step || _writing == step || _waiting?.Step == step;

    public void Recorded(long step) => _recorded = step;

    public void Saved(long step) => _saved = Math.Max(_saved, step);

    /// <summary>A checkpoint is due; returns the one to write now, if any.</summary>
    public Checkpoint? Offer(Checkpoint checkpoint)
    {
        _waiting = checkpoint;
        return Next();
    }

    /// <summary>A checkpoint is on disk; returns the one to write now, if any.</summary>
    public Checkpoint? Committed(long step)
    {
        CheckpointStep = Math.Max(CheckpointStep, step);
        _writing = null;
        return Next();
    }

    /// <summary>A checkpoint could not be written; returns the one to write now, if any.</summary>
    public Checkpoint? Failed()
    {
        _writing = null;
        return Next();
    }

    private Checkpoint? Next()
    {
        if (_writing is not null || _waiting is not { } next)
        {
            return null;
        }

        _waiting = null;
        _writing = next.Step;
        return next;
    }
}
