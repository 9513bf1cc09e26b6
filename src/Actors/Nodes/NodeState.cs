using Involute.Estimators;
using Involute.Estimators.Pairs;
using static Involute.Actors.Nodes.NodeEffect;
using static Involute.Actors.Nodes.NodeProtocol;

namespace Involute.Actors.Nodes;

/// <summary>
/// Decides what a node does, without actors: which placements live here, and which theta their step starts from.
/// </summary>
/// <remarks>
/// Of two placements of a block the later attempt counts, in whatever order they come; whatever speaks of an earlier one is
/// too late.
/// </remarks>
public sealed class NodeState(RunId runId)
{
    private readonly Dictionary<PairBlock, int> _living = [];
    private readonly Dictionary<PairBlock, int> _latest = [];
    private ThetaPublished? _theta;

    /// <summary>Placements that live here.</summary>
    public IEnumerable<PlacedBlock> Living => _living.Select(entry => new PlacedBlock(entry.Key, entry.Value));

    private ThetaVersion Version => _theta?.Theta.Version ?? default;

    /// <summary>The learner gives this node a block.</summary>
    public IReadOnlyList<NodeEffect> Place(PlaceBlock placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        var pairs = new PlacedBlock(placement.Block, placement.Attempt);
        if (placement.Attempt <= _latest.GetValueOrDefault(placement.Block))
        {
            return [];
        }

        List<NodeEffect> effects = [.. Stop(placement.Block)];
        _living[placement.Block] = placement.Attempt;
        _latest[placement.Block] = placement.Attempt;
        effects.Add(new CreatePairs(placement));
        if (_theta is not null)
        {
            effects.Add(new TellPairs(pairs, _theta));
        }

        return effects;
    }

    /// <summary>The learner takes a block away.</summary>
    public IReadOnlyList<NodeEffect> Release(ReleaseBlock release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (release.Attempt < _latest.GetValueOrDefault(release.Block))
        {
            return [];
        }

        _latest[release.Block] = release.Attempt;
        return Stop(release.Block);
    }

    /// <summary>The theta of an outer step; one that is known already, or older, changes nothing.</summary>
    public IReadOnlyList<NodeEffect> Publish(ThetaPublished theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        if (_theta is not null && theta.Theta.Version <= Version)
        {
            return [];
        }

        _theta = theta;
        return [.. Living.Select(pairs => new TellPairs(pairs, theta))];
    }

    /// <summary>The learner wants a block's state.</summary>
    public IReadOnlyList<NodeEffect> Save(SaveState command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _living.TryGetValue(command.Block, out var attempt)
            ? [new TellPairs(new PlacedBlock(command.Block, attempt), command)]
            : [];
    }

    /// <summary>The learner has waited long.</summary>
    public IReadOnlyList<NodeEffect> Remind(StepReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        List<NodeEffect> effects = [];
        if (Version < reminder.Version || _theta is null)
        {
            effects.Add(new TellLearner(new ThetaMissing(runId, reminder.Version)));
        }

        foreach (var awaited in reminder.Awaited)
        {
            effects.Add(IsLiving(awaited.Block, awaited.Attempt)
                ? new TellPairs(awaited, new RepeatAnswer(reminder.Version))
                : new TellLearner(new BlockMissing(runId, awaited.Block, awaited.Attempt, reminder.Version)));
        }

        return effects;
    }

    /// <summary>A pair actor has thrown.</summary>
    public IReadOnlyList<NodeEffect> Failed(PlacedBlock pairs, bool fatal, string error) => Forget(pairs)
        ? [new TellLearner(new BlockFailed(runId, pairs.Block, pairs.Attempt, Version, fatal, error))]
        : [];

    /// <summary>A pair actor has stopped, though nobody had told it to.</summary>
    public IReadOnlyList<NodeEffect> Stopped(PlacedBlock pairs) => Forget(pairs)
        ? [new TellLearner(new BlockLost(runId, pairs.Block, pairs.Attempt, Version))]
        : [];

    private IReadOnlyList<NodeEffect> Stop(PairBlock block) =>
        _living.Remove(block, out var attempt) ? [new StopPairs(new PlacedBlock(block, attempt))] : [];

    private bool Forget(PlacedBlock pairs) => IsLiving(pairs.Block, pairs.Attempt) && _living.Remove(pairs.Block);

    private bool IsLiving(PairBlock block, int attempt) => _living.GetValueOrDefault(block) == attempt;
}
