using Involute.Runs.Ledger;

namespace Involute.Runs.Checkpoints;

/// <summary>Looks for the newest checkpoint that can be used, one row after the other, newest first.</summary>
internal sealed class CheckpointSearch(LedgerState ledger, RunId runId, string? identitySha256)
{
    private readonly List<string> _warnings = [];
    private bool _unnamedDamage;

    /// <summary>Look at the newest row up to this step next; null when the search is over.</summary>
    public long? Limit { get; private set; } = long.MaxValue;

    /// <summary>The checkpoint that was found.</summary>
    public Checkpoint? Found { get; private set; }

    /// <summary>What was passed over, one line each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The newest row up to the limit.</summary>
    /// <param name="row">Its step; null if there is no row.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="InvalidDataException">It is intact, but of another run, other settings or a newer
    /// version.</exception>
    public void Loaded(long? row, object? content)
    {
        if (row is not { } step)
        {
            Missing();
            return;
        }

        var bytes = content as byte[] ?? [];
        if (CheckpointFormat.Damage(bytes) is { } damage)
        {
            PassOver(step, damage);
            return;
        }

        var checkpoint = identitySha256 is null
            ? CheckpointFormat.Read(bytes)
            : CheckpointFormat.Read(bytes, runId, identitySha256);
        if (Contradiction(step, checkpoint) is { } contradiction)
        {
            PassOver(step, contradiction);
            return;
        }

        if (_unnamedDamage)
        {
            _warnings.Add($"a checkpoint newer than step {step} cannot be read: that of step {step} is used");
        }

        Found = checkpoint;
        Limit = null;
    }

    /// <summary>
    /// The newest row up to the limit cannot be read at all, so that its step is not known for certain.
    /// </summary>
    public void Unreadable(string reason)
    {
        var committed = ledger.Checkpoints.Where(step => step <= Limit).Select(step => (long?)step).LastOrDefault();
        if (committed is null)
        {
            _unnamedDamage = true;
            Missing();
        }
        else if (committed < Limit)
        {
            // Perhaps a row that was saved but not yet committed; perhaps the committed one itself. Ask for that.
            _unnamedDamage = true;
            Limit = committed;
        }
        else
        {
            _unnamedDamage = false;
            PassOver(committed.Value, reason);
        }
    }

    private void Missing()
    {
        Limit = null;
        if (_warnings.Count > 0 || _unnamedDamage || ledger.Checkpoints.Count > 0)
        {
            _warnings.Add("no usable checkpoint is left: the run is recomputed from its start");
        }
    }

    private string? Contradiction(long step, Checkpoint checkpoint)
    {
        if (checkpoint.Step != step)
        {
            return $"it is of step {checkpoint.Step}";
        }

        if (step > ledger.LastStep)
        {
            return $"the ledger ends at step {ledger.LastStep}";
        }

        return step > 0 && ledger.ThetaHash(step) != checkpoint.State.Theta.HashText()
            ? "its theta is not the ledger's"
            : null;
    }

    private void PassOver(long step, string reason)
    {
        _warnings.Add($"checkpoint of step {step} is passed over ({reason}): the one before it is used");
        ledger.Damaged(step);
        if (step > 0)
        {
            Limit = step - 1;
        }
        else
        {
            Missing();
        }
    }
}
