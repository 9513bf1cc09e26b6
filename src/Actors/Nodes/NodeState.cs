using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs;
using static Involute.Actors.Nodes.NodeEffect;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

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
    private readonly GatheredWindows _answers = new();
    private ThetaPublished? _theta;

    /// <summary>Placements that live here.</summary>
    public IEnumerable<PlacedBlock> Living => _living.Select(entry => new PlacedBlock(entry.Key, entry.Value));

    private ThetaVersion Version => _theta?.Theta.Version ?? default;

    /// <summary>The learner gives this node blocks.</summary>
    public IReadOnlyList<NodeEffect> Place(PlaceBlocks placements)
    {
        ArgumentNullException.ThrowIfNull(placements);
        return [.. placements.Each.SelectMany(Place)];
    }

    private List<NodeEffect> Place(PlaceBlock placement)
    {
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
            _answers.Await(placement.Block);
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
        return [.. Stop(release.Block), .. WhenComplete()];
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
        _answers.Begin(_living.Keys);
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
        List<NodeEffect> effects = [.. Send(_answers.Take())];
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

    /// <summary>
    /// A pair actor has run a window. The windows of one theta go to the learner together: a message costs as much as a small
    /// window, and the learner can do nothing before it has them all.
    /// </summary>
    public IReadOnlyList<NodeEffect> Advanced(WindowAdvanced answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var part = answer.Contribution;
        return part.Version == Version && IsLiving(part.Block, answer.Attempt) && _answers.Offer(answer)
            ? WhenComplete()
            : Send([answer]);
    }

    /// <summary>A pair actor has thrown.</summary>
    public IReadOnlyList<NodeEffect> Failed(PlacedBlock pairs, bool fatal, string error) => Forget(pairs)
        ? [new TellLearner(new BlockFailed(runId, pairs.Block, pairs.Attempt, Version, fatal, error)), .. WhenComplete()]
        : [];

    /// <summary>A pair actor has stopped, though nobody had told it to.</summary>
    public IReadOnlyList<NodeEffect> Stopped(PlacedBlock pairs) => Forget(pairs)
        ? [new TellLearner(new BlockLost(runId, pairs.Block, pairs.Attempt, Version)), .. WhenComplete()]
        : [];

    private IReadOnlyList<NodeEffect> WhenComplete() => _answers.IsDue ? Send(_answers.Take()) : [];

    private IReadOnlyList<NodeEffect> Send(IReadOnlyList<WindowAdvanced> windows) =>
        windows.Count > 0 ? [new TellLearner(new WindowsAdvanced(runId, windows))] : [];

    private IReadOnlyList<NodeEffect> Stop(PairBlock block)
    {
        _answers.Forget(block);
        return _living.Remove(block, out var attempt) ? [new StopPairs(new PlacedBlock(block, attempt))] : [];
    }

    private bool Forget(PlacedBlock pairs)
    {
        if (!IsLiving(pairs.Block, pairs.Attempt))
        {
            return false;
        }

        _answers.Forget(pairs.Block);
        return _living.Remove(pairs.Block);
    }

    private bool IsLiving(PairBlock block, int attempt) => _living.GetValueOrDefault(block) == attempt;
}
