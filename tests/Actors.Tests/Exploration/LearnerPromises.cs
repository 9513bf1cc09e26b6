using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Ledger;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>Checks each decision of one learner, before it is carried out.</summary>
/// <param name="settings">The learner's.</param>
/// <param name="oracle">The only right results.</param>
/// <param name="start">The step that it starts from.</param>
internal sealed class LearnerPromises(LearnerSettings settings, Oracle oracle, long start)
{
    private readonly Dictionary<PairBlock, (string Node, int Attempt)> _homes = [];
    private long _step = start;
    private long _published = start - 1;
    private long _cut = start;
    private bool _withStates;
    private bool _collected;
    private bool _stopRequested;
    private bool _endIsDecided;
    private bool _hadNodesAtEnd;
    private bool _checkpointFailed;

    private bool MayBeInStore => settings.MostStateBytesInMemory < 1L << 20;

    private long ThetaBytes => (long)settings.Plan.ThetaLength * sizeof(float);

    public void Check(LearnerEffect effect, IReadOnlyDictionary<string, Ref> nodes)
    {
        switch (effect)
        {
            case PublishTheta publish:
                Published(publish.Message);
                break;
            case SendToNode send:
                Violation.Unless(nodes.ContainsKey(send.Node), $"a message to {send.Node}, which is no node");
                Sent(send.Node, send.Message);
                break;
            case AdmitNode admit:
                Lost(admit.Node.Path);
                break;
            case ForgetNode forget:
                Lost(forget.Node.Path);
                break;
            case Reply { Message: NodeRefused refused }:
                throw new Violation($"a node is refused: {refused.Reason}");
            case Warn warn:
                Violation.Unless(!warn.Message.StartsWith("unexpected", StringComparison.Ordinal), warn.Message);
                break;
            case CompleteStep step:
                Completed(step);
                break;
            case SaveCheckpoint save:
                Violation.Unless(
                    save.Checkpoint.Step <= _step,
                    $"a checkpoint of step {save.Checkpoint.Step} after step {_step}");
                break;
            case EndRun end:
                EndIsDecided(nodes.Count > 0);
                Ended(end.Outcome);
                break;
            case StoreStates states:
                Violation.Unless(
                    states.States.All(it => oracle.IsState(_step, it.Block, it.State.Span)),
                    $"states of step {_step} are not the sequential program's");
                _collected = true;
                break;
            case Reply or ReportCheckpoint or LoadStates:
                break;
            default:
                throw new Violation($"nothing is known of {effect}");
        }
    }

    /// <summary>
    /// Whether the placement is the block's newest, on a node that is there, and the theta is that of the step.
    /// </summary>
    public bool IsWanted(WindowAdvanced answer)
    {
        var (node, attempt) = _homes.GetValueOrDefault(answer.Contribution.Block, ("", 0));
        return node.Length > 0 && attempt == answer.Attempt && answer.Contribution.Version.Value == _published;
    }

    // The learner has heard that the node is gone.
    private void Lost(string node)
    {
        foreach (var (block, _) in _homes.Where(home => home.Value.Node == node).ToList())
        {
            _homes[block] = ("", _homes[block].Attempt);
        }
    }

    /// <summary>A checkpoint could not be written: after that, a stop's own checkpoint may be missing.</summary>
    public void CheckpointFailed() => _checkpointFailed = true;

    public void StopRequested() => _stopRequested = true;

    /// <summary>Checks the state when everything that follows from an event is done.</summary>
    public void CheckRest(bool isEnding, bool hasNodes)
    {
        if (isEnding)
        {
            EndIsDecided(hasNodes);
        }
        else
        {
            Violation.Unless(hasNodes || !_stopRequested, "a run that must stop waits for a node");
        }
    }

    private void EndIsDecided(bool hasNodes)
    {
        _hadNodesAtEnd = _endIsDecided ? _hadNodesAtEnd : hasNodes;
        _endIsDecided = true;
    }

    private void Published(ThetaPublished theta)
    {
        var version = theta.Theta.Version.Value;
        Violation.Unless(version == _published + 1, $"theta {version} after theta {_published}");
        Violation.Unless(
            theta.Theta.HashText() == oracle.ThetaHash(version),
            $"theta {version} is not the sequential program's");
        if (_withStates || _collected)
        {
            _cut = version;
        }

        Kept(version - _cut, $"before theta {version}");
        _published = version;
        (_withStates, _collected) = (theta.AttachState, false);
    }

    private void Sent(string node, IWireMessage message)
    {
        switch (message)
        {
            case PlaceBlocks places:
                foreach (var place in places.Each)
                {
                    Placed(node, place);
                }

                break;
            case ReleaseBlock release:
                Violation.Unless(
                    _homes[release.Block] == (node, release.Attempt),
                    $"{node} must release {release}, which it does not have");
                _homes[release.Block] = ("", release.Attempt);
                break;
            case StepReminder reminder:
                Violation.Unless(
                    reminder.Awaited.All(it => _homes[it.Block] == (node, it.Attempt)),
                    $"{node} is reminded of what it does not have");
                break;
            default:
                break;
        }
    }

    private void Placed(string node, PlaceBlock place)
    {
        var before = _homes.GetValueOrDefault(place.Block).Attempt;

        // An attempt whose state had to be loaded may have been overtaken by the next one before.
        Violation.Unless(
            place.Attempt == before + 1 || (place.Attempt > before && MayBeInStore),
            $"attempt {place.Attempt} of {place.Block} after {before}");
        _homes[place.Block] = (node, place.Attempt);
        var version = place.Version.Value;
        var thetas = place.Thetas;
        Violation.Unless(
            oracle.IsState(version, place.Block, place.State.Span),
            $"the state of {place.Block} at {version} is not the sequential program's");

        // States that go to the store are taken after a step, and its theta is kept until they are there.
        Kept(thetas.Count - (_step > _published && MayBeInStore ? 1 : 0), $"to place {place.Block}");
        Violation.Unless(
            thetas.Select(theta => theta.Version.Value).SequenceEqual(
                Enumerable.Range(0, thetas.Count).Select(i => version + i)),
            $"{place.Block} is placed with a gap in its thetas");
    }

    private void Kept(long thetas, string when) => Violation.Unless(
        thetas == 0 || thetas * ThetaBytes < settings.MaxReplayBytes, $"{thetas} thetas are kept {when}");

    private void Completed(CompleteStep step)
    {
        var version = step.Result.Version.Value;
        Violation.Unless(version == _step + 1, $"step {version} after step {_step}");
        _step = version;
        Violation.Unless(
            step.Result.State.Theta.HashText() == oracle.ThetaHash(version),
            $"theta after step {version} is not the sequential program's");
        Violation.Unless(
            StepFacts.HashContributions(step.Contributions) == oracle.ContributionsHash(version),
            $"contributions of step {version} are not the sequential program's");
    }

    private void Ended(RunOutcome outcome)
    {
        var expected = outcome.Status switch
        {
            RunStatus.Finished => _step == settings.Run.OuterSteps && outcome.CheckpointStep == _step,
            RunStatus.Interrupted => outcome.CheckpointStep == _step || !_hadNodesAtEnd || _checkpointFailed,
            RunStatus.StorageFailed => _checkpointFailed,
            _ => false,
        };
        Violation.Unless(
            expected,
            $"the run ended: {outcome.Status} {outcome.Message} after step {_step}, checkpoint "
                + $"{outcome.CheckpointStep}");
    }
}
