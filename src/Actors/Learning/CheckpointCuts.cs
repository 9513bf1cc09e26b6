using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Learning;

/// <summary>
/// When the states of all pairs are taken, and what of: the cut that lost pairs are made again from, and the checkpoint.
/// </summary>
/// <remarks>
/// Small states come with the answers of a step, and cost no time. Large ones are collected between two steps, and go to the
/// store as they come: what the learner holds of them does not grow with their number.
/// </remarks>
/// <param name="changing">The settings over the steps.</param>
/// <param name="cut">What lost pairs are made again from.</param>
/// <param name="states">The states as they come.</param>
/// <param name="store">Takes the checkpoints.</param>
/// <param name="placements">Where the pairs live.</param>
/// <param name="ofCut">Makes the checkpoint of the cut, which must be of now.</param>
internal sealed class CheckpointCuts(
    ChangingSettings changing, ReplayCut cut, StateCollection states, StoreProgress store, Placements placements,
    Func<Checkpoint> ofCut)
{
    private bool _checkpointDue;
    private bool _cutDue;

    /// <summary>Whether the states come with the answers of the step that was planned last.</summary>
    public bool AreAttached => _cutDue && !states.IsInStore;

    /// <summary>Whether they are collected after it.</summary>
    public bool AreCollected => _cutDue && states.IsInStore;

    /// <summary>A step is about to begin.</summary>
    /// <param name="step">Its number.</param>
    /// <param name="isLong">Whether the thetas since the last cut have become many.</param>
    public void Plan(long step, bool isLong)
    {
        _checkpointDue = isLong || store.IsDue(step) || step == changing.Now.OuterSteps;
        placements.Recheck();
        _cutDue = _checkpointDue || placements.HasMisplaced;
    }

    /// <summary>The states have come with the answers.</summary>
    /// <returns>The checkpoint to write now, if any.</returns>
    public Checkpoint? Attached(IReadOnlyList<PairSnapshot> attached, bool stopRequested)
    {
        cut.Renew(cut.Now, attached);
        var checkpoint = _checkpointDue || stopRequested ? store.Offer(ofCut()) : null;
        placements.Rebalance();
        return checkpoint;
    }

    /// <summary>Begins to collect the states of now.</summary>
    public void Collect()
    {
        placements.Step = null;
        store.Collecting();
        placements.AskForStates(states.Begin(), states.Awaits);
    }

    /// <summary>Whether a block's state has been asked for and has not come.</summary>
    public bool Awaits(int block) => states.Awaits(block);

    /// <summary>A state has come that was awaited.</summary>
    public void Take(int block, ReadOnlyMemory<byte> state) => states.Take(block, state);

    /// <summary>Some are in the store: others are asked for.</summary>
    public void Take(StatesStored stored) =>
        placements.AskForStates(states.Stored(stored.Group, stored.Stored), states.Awaits);

    /// <summary>If all have come: they are the cut, and a checkpoint.</summary>
    public bool Complete()
    {
        if (!states.IsComplete)
        {
            return false;
        }

        cut.Renew(cut.Now, states.States);
        store.Write(store.Offer(ofCut()));
        placements.Rebalance();
        return true;
    }

    /// <summary>Whether the cut is of now, and with the store: it is given to it where it was made for a move only.</summary>
    public bool IsSaved()
    {
        var isOfNow = cut.Version == cut.Now;
        if (isOfNow && !store.Has(cut.Version.Value))
        {
            store.Write(store.Offer(ofCut()));
        }

        return isOfNow;
    }
}
