using Involute.Runs.Checkpoints;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Learning;

/// <summary>How far the store is behind the run: bounded, and never waited for within a step.</summary>
/// <remarks>
/// One checkpoint is being written at a time; of those that become due meanwhile only the newest is kept, since it
/// makes the others useless.
/// </remarks>
/// <param name="step">The step that the run starts from.</param>
/// <param name="maxUnsavedSteps">Steps that may be ahead of the store before the run pauses.</param>
/// <param name="pace">When checkpoints are due; learns here how long they take.</param>
/// <param name="emit">Takes what is to be done, in order.</param>
internal sealed class StoreProgress(
    long step, int maxUnsavedSteps, CheckpointPace pace, Action<LearnerEffect> emit)
{
    private long _recorded = step;
    private long _saved = step;
    private long? _writing;
    private Checkpoint? _waiting;
    private (long Step, string Words)? _lost;
    private bool _isDown;
    private bool _isFull;
    private bool _collects;
    private int _settings;

    /// <summary>The last step whose checkpoint is on disk; 0 if none.</summary>
    public long CheckpointStep { get; private set; } = step;

    /// <summary>Why the checkpoint of a step is not on disk; null if it was not the last that was lost.</summary>
    public string? Missing(long step) => _lost?.Step == step ? _lost.Value.Words : null;

    /// <summary>
    /// Whether no step may be begun: the store does not answer, or the run is too far ahead of it, from a full queue
    /// until half of it is drained.
    /// </summary>
    public bool HoldsUp => _isDown || _isFull;

    /// <summary>Whether everything that was given to the store is on disk.</summary>
    public bool HasCaughtUp => Unsaved == 0 && _writing is null && _settings == 0;

    // Steps that the store has not confirmed.
    private long Unsaved => _recorded - _saved;

    /// <summary>Whether the checkpoint of a step is on disk or on its way there.</summary>
    public bool Has(long step) => CheckpointStep == step || _writing == step || _waiting?.Step == step;

    /// <summary>What writing a checkpoint usually takes.</summary>
    public TimeSpan UsualSave => pace.Usual;

    /// <summary>Whether a step ends with a checkpoint.</summary>
    public bool IsDue(long step) => pace.IsDue(step);

    /// <summary>A step is done and given to the store.</summary>
    public void Recorded(long step)
    {
        _recorded = step;
        UpdateFullness();
    }

    /// <summary>Changes of settings are given to the store.</summary>
    public void SettingsGiven(int count) => _settings += count;

    /// <summary>The states of a checkpoint are asked for, and go to the store as they come: it takes its time from now on.</summary>
    public void Collecting()
    {
        _collects = true;
        pace.Begun();
    }

    /// <summary>A checkpoint is due.</summary>
    /// <returns>The one to write now, if any: give it to <see cref="Write"/>.</returns>
    public Checkpoint? Offer(Checkpoint checkpoint)
    {
        _waiting = checkpoint;
        return Next();
    }

    /// <summary>Gives a checkpoint to the store.</summary>
    public void Write(Checkpoint? checkpoint)
    {
        if (checkpoint is not null)
        {
            if (!_collects)
            {
                pace.Begun();
            }

            _collects = false;
            emit(new LearnerEffect.SaveCheckpoint(checkpoint));
        }
    }

    /// <summary>What the store says of itself.</summary>
    /// <returns>False if the message is none of these.</returns>
    public bool Receive(object message)
    {
        switch (message)
        {
            case StepSaved saved:
                _saved = Math.Max(_saved, saved.Step);
                UpdateFullness();
                return true;
            case SettingSaved:
                _settings--;
                return true;
            case CheckpointSaved saved:
                pace.Done();
                CheckpointStep = Math.Max(CheckpointStep, saved.Step);
                _writing = null;
                Write(Next());
                emit(new ReportCheckpoint(saved.Step));
                return true;
            case CheckpointFailed failed:
                pace.Done();
                _lost =
                    (failed.Step, $"the checkpoint of step {failed.Step} could not be written: {failed.Reason}");
                _writing = null;
                Write(Next());
                emit(new Warn(
                    $"the checkpoint of step {failed.Step} could not be written ({failed.Reason}): "
                    + $"that of step {CheckpointStep} remains the newest"));
                return true;
            case StoreUnavailable unavailable:
                if (!_isDown)
                {
                    _isDown = true;
                    emit(new Warn(
                        $"the store does not answer ({unavailable.Reason}): no further step is begun until it does"));
                }

                return true;
            case StoreAvailable:
                if (_isDown)
                {
                    _isDown = false;
                    emit(new Warn("the store answers again: the run goes on"));
                }

                return true;
            default:
                return false;
        }
    }

    private void UpdateFullness() =>
        _isFull = Unsaved >= maxUnsavedSteps || (_isFull && Unsaved > maxUnsavedSteps / 2);

    private Checkpoint? Next()
    {
        if (_writing is not null || _waiting is not { } next)
        {
            return null;
        }

        _waiting = null;
        _writing = next.Step;
        _lost = null;
        return next;
    }
}
