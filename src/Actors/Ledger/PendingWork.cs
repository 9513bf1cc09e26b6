using Involute.Actors.Protocol;

namespace Involute.Actors.Ledger;

/// <summary>What the learner has asked for and the store has not acknowledged yet, in the order of asking.</summary>
internal sealed class PendingWork
{
    private readonly List<object> _commands = [];
    private long _savedStep;

    /// <summary>The commands, oldest first.</summary>
    public IReadOnlyList<object> Commands => _commands;

    /// <summary>
    /// Commands that a working store can acknowledge now: all but checkpoints of steps not yet recorded.
    /// </summary>
    public int Writable
    {
        get
        {
            var last =
                _commands.OfType<LedgerProtocol.RecordStep>().Select(step => step.Facts.Step).Append(_savedStep).Max();
            return _commands.Count(command =>
                command is not LedgerProtocol.SaveCheckpoint save || save.Checkpoint.Step <= last);
        }
    }

    /// <summary>Forgets everything, for a learner that starts anew after this step.</summary>
    public void Restart()
    {
        _commands.Clear();
        _savedStep = 0;
    }

    /// <summary>The ledger holds all steps up to this one.</summary>
    public void SavedUpTo(long step) => _savedStep = Math.Max(_savedStep, step);

    public void Add(object command) => _commands.Add(command);

    public void StepSaved(long step)
    {
        SavedUpTo(step);
        Remove(command => command is LedgerProtocol.RecordStep record && record.Facts.Step == step);
    }

    public void CheckpointDone(long step) =>
        Remove(command => command is LedgerProtocol.SaveCheckpoint save && save.Checkpoint.Step == step);

    /// <summary>The oldest states that were given or asked for are where they go: they are answered in order.</summary>
    public void StatesDone() => Remove(command => command is LedgerProtocol.StoreStates or LedgerProtocol.LoadStates);

    public void SettingSaved() => Remove(command => command is LedgerWriterProtocol.WriteSetting);

    private void Remove(Predicate<object> match)
    {
        var index = _commands.FindIndex(match);
        if (index >= 0)
        {
            _commands.RemoveAt(index);
        }
    }
}
