using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Learning;

/// <content>Nodes that come and go, and what they have missed.</content>
public sealed partial class LearnerState
{
    /// <summary>A node has joined, or has come back without its pairs.</summary>
    public IReadOnlyList<LearnerEffect> NodeJoined(NodeMember member)
    {
        _homes.Leave(member.Id);
        _nodeFaults.Forget(member.Id);
        _homes.Join(member);
        if (Phase < LearnerPhase.Finishing)
        {
            PlaceHomeless();
        }

        if (Phase == LearnerPhase.Stepping)
        {
            Emit(new SendToNode(member.Id, _inFlight!));
        }

        return Take();
    }

    /// <summary>A node is gone, and its pairs with it.</summary>
    public IReadOnlyList<LearnerEffect> NodeLost(string id, string reason)
    {
        _nodeFaults.Forget(id);
        if (_homes.Leave(id) && Phase < LearnerPhase.Finishing)
        {
            Emit(new Warn($"node {id} is gone ({reason})"));
            if (_homes.HasNodes)
            {
                PlaceHomeless();
            }
            else if (!_settings.WaitsForNodes)
            {
                var before = _lastFailure is null ? "" : $"; {_lastFailure}";
                Finish(RunStatus.Failed, $"no node is left ({reason}){before}");
            }
            else if (_stopRequested)
            {
                SaveStates();
            }
        }

        return Take();
    }

    /// <summary>A node has not had the theta of the step.</summary>
    public IReadOnlyList<LearnerEffect> ThetaMissing(string node, ThetaVersion version)
    {
        if (Phase == LearnerPhase.Stepping && version == _state.Theta.Version && _homes.IsMember(node))
        {
            Emit(new SendToNode(node, _inFlight!));
        }

        return Take();
    }

    /// <summary>A node does not know of a placement, or it cannot go on: a message was lost, nothing has failed.</summary>
    public IReadOnlyList<LearnerEffect> BlockMissing(PairBlock block, int attempt)
    {
        if (Phase < LearnerPhase.Finishing && _homes.Find(block, attempt) is { } index)
        {
            _homes.Evict(index);
            PlaceHomeless();
        }

        return Take();
    }

    /// <summary>
    /// Time has passed, about as much as since the last call. Whoever has kept the run waiting for a whole such time is
    /// reminded, ever less often while the same step lasts.
    /// </summary>
    public IReadOnlyList<LearnerEffect> Tick()
    {
        if (_reminders.IsDue(Phase, _state.Theta.Version))
        {
            foreach (var awaited in Awaited().GroupBy(placed => placed.Node))
            {
                Emit(new SendToNode(
                    awaited.Key,
                    new StepReminder(
                        _settings.RunId, _state.Theta.Version, [.. awaited.Select(placed => placed.Placement)])));
            }

            if (Phase == LearnerPhase.SavingStates)
            {
                AskForMissingStates();
            }
        }

        return Take();
    }

    private IEnumerable<(string Node, PlacedBlock Placement)> Awaited()
    {
        for (var block = 0; block < _homes.Blocks.Count; block++)
        {
            var answered = Phase == LearnerPhase.Stepping ? _windows.Has(block) : _savedStates.Has(block);
            if (!answered && _homes.Home(block) is { } node)
            {
                yield return (node, _homes.Placed(block));
            }
        }
    }

    private void AskForMissingStates()
    {
        for (var block = 0; block < _homes.Blocks.Count; block++)
        {
            if (!_savedStates.Has(block))
            {
                AskForState(block);
            }
        }
    }

    // Its blocks move at the next cut, like those of any change of members.
    private void BarBadNodes()
    {
        foreach (var node in _nodeFaults.StepDone(_state.Theta.Version, _homes.Home))
        {
            if (_homes.Bar(node))
            {
                Emit(new Warn(
                    $"node {node} gets no more pairs until it is started anew: {NodeFaults.Limit} times pairs failed there "
                    + $"and did well elsewhere; the last failure: {_lastFailure}"));
            }
        }
    }

    // The cut is fresh, so that a move costs the state's way to its new home and no replay.
    private void Rebalance()
    {
        foreach (var (block, home) in _homes.Misplaced)
        {
            Emit(new SendToNode(home, new ReleaseBlock(
                _settings.RunId, _homes.Blocks[block], _homes.Placed(block).Attempt)));
            _homes.Evict(block);
        }

        PlaceHomeless();
    }

    // Pairs that do not know that they have a successor would compute for nobody.
    private void Stale(PairBlock block, int attempt)
    {
        StaleAnswers++;
        if (_homes.IsOver(block, attempt))
        {
            Emit(new Reply(new ReleaseBlock(_settings.RunId, block, attempt)));
        }
    }
}
