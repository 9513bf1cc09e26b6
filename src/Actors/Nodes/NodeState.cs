using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using Involute.Runs;
using static Involute.Actors.Nodes.NodeEffect;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Nodes;

/// <summary>
/// Decides what a node does, without actors: which placements live here, and which theta their step starts from. <see
/// cref="Receive"/> takes what has happened and returns what to do about it, in order.
/// </summary>
/// <remarks>
/// Of two placements of a block the later attempt counts, in any order of arrival; what speaks of an earlier one is too
/// late.
/// </remarks>
internal sealed class NodeState(RunId runId)
{
    private readonly Dictionary<PairBlock, int> _living = [];
    private readonly Dictionary<PairBlock, int> _latest = [];
    private readonly GatheredWindows _answers = new();
    private ThetaPublished? _theta;

    /// <summary>Placements that live here.</summary>
    public IEnumerable<PlacedBlock> Living => _living.Select(entry => new PlacedBlock(entry.Key, entry.Value));

    /// <summary>The outer step whose windows are computed; null before the first theta.</summary>
    public long? Step => _theta?.Theta.Version.Next.Value;

    /// <summary>Pairs that live here.</summary>
    public int Pairs => _living.Keys.Sum(block => block.Count);

    /// <summary>Whether windows of that step are still to come from pairs that live here.</summary>
    public bool IsBusy => _answers.AreAwaited;

    private ThetaVersion Version => _theta?.Theta.Version ?? default;

    /// <summary>Whether the learner has accepted this node: before that, nothing is meant for it.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>Something has happened.</summary>
    /// <param name="message">What: a message of the learner, an answer of the pairs, or the end of a pair
    /// actor.</param>
    /// <returns>What to do about it, in order; nothing about messages that are not for a node.</returns>
    public IReadOnlyList<NodeEffect> Receive(object message) => message switch
    {
        NodeAccepted when !IsAccepted => Accept(),
        _ when !IsAccepted => [],
        PlaceBlocks placements => [.. placements.Each.SelectMany(Place)],
        ReleaseBlock release => Release(release),
        ThetaPublished theta => Publish(theta),
        SaveState command => Save(command),
        StepReminder reminder => Remind(reminder),
        WindowAdvanced answer => Pass(answer),
        IPairAnswer and IWireMessage answer => [new TellLearner((IWireMessage)answer)],
        PairsFailed failed => Lose(failed),
        PairsStopped stopped => Lose(stopped),
        _ => [],
    };

    private ConfirmRegistration[] Accept()
    {
        IsAccepted = true;
        return [new ConfirmRegistration()];
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

    private IReadOnlyList<NodeEffect> Release(ReleaseBlock release)
    {
        if (release.Attempt < _latest.GetValueOrDefault(release.Block))
        {
            return [];
        }

        _latest[release.Block] = release.Attempt;
        return [.. Stop(release.Block), .. WhenComplete()];
    }

    // One that is known already, or older, changes nothing.
    private IReadOnlyList<NodeEffect> Publish(ThetaPublished theta)
    {
        if (_theta is not null && theta.Theta.Version <= Version)
        {
            return [];
        }

        _theta = theta;
        _answers.Begin(_living.Keys);
        return [.. Living.Select(pairs => new TellPairs(pairs, theta))];
    }

    private IReadOnlyList<NodeEffect> Save(SaveState command) =>
        _living.TryGetValue(command.Block, out var attempt)
            ? [new TellPairs(new PlacedBlock(command.Block, attempt), command)]
            : [];

    private List<NodeEffect> Remind(StepReminder reminder)
    {
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

    // The windows of one theta go to the learner together: a message costs as much as a small window, and the learner
    // can do nothing before it has them all.
    private IReadOnlyList<NodeEffect> Pass(WindowAdvanced answer)
    {
        var part = answer.Contribution;
        return part.Version == Version && IsLiving(part.Block, answer.Attempt) && _answers.Offer(answer)
            ? WhenComplete()
            : Send([answer]);
    }

    private IReadOnlyList<NodeEffect> Lose(PairsFailed failed) => Forget(failed.Pairs)
        ? [
            new TellLearner(new BlockFailed(
                runId, failed.Pairs.Block, failed.Pairs.Attempt, Version, failed.Fatal, failed.Error)),
            .. WhenComplete(),
        ]
        : [];

    private IReadOnlyList<NodeEffect> Lose(PairsStopped stopped) => Forget(stopped.Pairs)
        ? [
            new TellLearner(new BlockLost(runId, stopped.Pairs.Block, stopped.Pairs.Attempt, Version)),
            .. WhenComplete(),
        ]
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

/// <summary>What <see cref="NodeState"/> has decided; <see cref="NodeActor"/> performs it, in order.</summary>
internal abstract record NodeEffect
{
    private NodeEffect()
    {
    }

    /// <summary>The learner knows this node: from now on that needs to be confirmed now and then only.</summary>
    public sealed record ConfirmRegistration : NodeEffect;

    /// <summary>Make the pair actor of a placement, and give it the placement.</summary>
    public sealed record CreatePairs(PlaceBlock Placement) : NodeEffect;

    /// <summary>Stop the pair actor of a placement; its end is not worth a word.</summary>
    public sealed record StopPairs(PlacedBlock Pairs) : NodeEffect;

    /// <summary>Pass a message to the pair actor of a placement.</summary>
    public sealed record TellPairs(PlacedBlock Pairs, object Message) : NodeEffect;

    /// <summary>Say something to the learner.</summary>
    public sealed record TellLearner(IWireMessage Message) : NodeEffect;
}

/// <summary>Windows of one theta that have been run here and that the learner has not been told of.</summary>
internal sealed class GatheredWindows
{
    /// <summary>Bytes that do not wait: large vectors travel while the other pairs compute.</summary>
    public const long MostBytes = 1 << 18;

    private readonly HashSet<PairBlock> _awaited = [];
    private List<WindowAdvanced> _windows = [];
    private long _bytes;

    /// <summary>Whether there is something to wait for.</summary>
    public bool AreAwaited => _awaited.Count > 0;

    /// <summary>Whether there is something to say, and nothing to wait for.</summary>
    public bool IsDue => _windows.Count > 0 && (_awaited.Count == 0 || _bytes >= MostBytes);

    /// <summary>The next theta. What is left of the one before has reached the learner, or is not wanted.</summary>
    public void Begin(IEnumerable<PairBlock> blocks)
    {
        _awaited.Clear();
        _awaited.UnionWith(blocks);
        Take();
    }

    /// <summary>A block was placed that will answer too.</summary>
    public void Await(PairBlock block) => _awaited.Add(block);

    /// <summary>A block will not answer any more.</summary>
    public void Forget(PairBlock block) => _awaited.Remove(block);

    /// <summary>Keeps a block's first answer; false for any later one.</summary>
    public bool Offer(WindowAdvanced window)
    {
        if (!_awaited.Remove(window.Contribution.Block))
        {
            return false;
        }

        _windows.Add(window);
        _bytes += window.WireBytes;
        return true;
    }

    /// <summary>All that is there, in the order in which it came.</summary>
    public IReadOnlyList<WindowAdvanced> Take()
    {
        var taken = _windows;
        _windows = [];
        _bytes = 0;
        return taken;
    }
}
