using Akka.Actor;
using Involute.Runs;
using static Involute.Actors.Protocol.LearnerProtocol;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Learning;

/// <content>How nodes are taken in and lost.</content>
public sealed partial class LearnerActor
{
    private static string IdOf(IActorRef node) => node.Path.ToStringWithAddress();

    private void Offer(AskForRun ask) => Sender.Tell(NodeAdmission.VersionRefusal(ask.ProtocolVersion, ask.Program) is { } refusal
        ? new NodeRefused(_settings.RunId, refusal)
        : new RunOffered(
            _settings.RunId, _settings.Configuration, _settings.IdentitySha256, _settings.ProblemSha256));

    private void Register(RegisterNode node)
    {
        var reason = NodeAdmission.Refusal(_settings, node);
        if (reason is not null)
        {
            Sender.Tell(new NodeRefused(node.RunId, reason));
            return;
        }

        Sender.Tell(new NodeAccepted(node.RunId));
        var id = IdOf(Sender);

        // The same actor once more: our answer was late. Another one of that name has lost its pairs.
        if (_nodes.TryGetValue(id, out var known) && known.Equals(Sender))
        {
            return;
        }

        if (known is not null)
        {
            Context.Unwatch(known);
        }

        _nodes[id] = Context.Watch(Sender);
        Context.System.EventStream.Publish(
            new NodeRegistered(Sender.Path.Address, node.ProcessId, node.Slots));
        Perform(_state!.NodeJoined(new NodeMember(id, node.Slots)));
    }

    private void LoseNode(IActorRef node)
    {
        _assembly.Forget(node.Path.Address);
        var id = IdOf(node);
        if (_nodes.TryGetValue(id, out var known) && known.Equals(node))
        {
            _nodes.Remove(id);
            Perform(_state!.NodeLost(id, "it stopped"));
        }
    }

    // A run that is not finished may go on with another learner, or with this one started anew: its workers wait.
    private void TellNodesOf(RunOutcome outcome)
    {
        _runIsOver = outcome.Status == RunStatus.Finished;
        if (!_runIsOver)
        {
            return;
        }

        foreach (var node in _nodes.Values)
        {
            node.Tell(new RunEnded(_settings.RunId, _ending));
        }
    }
}
