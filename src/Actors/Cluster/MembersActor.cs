using Akka.Actor;
using Akka.Cluster;
using Involute.Actors.Protocol;
using ClusterExtension = Akka.Cluster.Cluster;

namespace Involute.Actors.Cluster;

/// <summary>Tells who belongs to the cluster, at each change, while this process leads the run.</summary>
internal sealed class MembersActor : ReceiveActor
{
    private readonly Action<IReadOnlyList<ClusterMember>> _tell;
    private readonly Action<string> _say;
    private readonly ClusterView _view = new();
    private readonly ClusterExtension _cluster = ClusterExtension.Get(Context.System);
    private readonly Dictionary<Address, LearnerProtocol.NodeRegistered> _nodes = [];

    public MembersActor(Action<IReadOnlyList<ClusterMember>> tell, Action<string> say)
    {
        _tell = tell;
        _say = say;
        Receive<LearnerProtocol.NodeRegistered>(node =>
        {
            _nodes[node.Address.HasLocalScope ? _cluster.SelfAddress : node.Address] = node;
            Tell();
        });
        Receive<ClusterEvent.CurrentClusterState>(state =>
        {
            _view.Apply(state);
            Tell();
        });
        Receive<ClusterEvent.IClusterDomainEvent>(Changed);
    }

    public static Props CreateProps(Action<IReadOnlyList<ClusterMember>> tell, Action<string> say) =>
        Props.Create(() => new MembersActor(tell, say));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(LearnerProtocol.NodeRegistered));
        ClusterView.Subscribe(_cluster, Self);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Changed(ClusterEvent.IClusterDomainEvent change)
    {
        _view.Apply(change);
        switch (change)
        {
            case ClusterEvent.MemberRemoved removed:
                _nodes.Remove(removed.Member.Address);
                break;
            case ClusterEvent.UnreachableMember lost:
                Say(lost.Member, "does not answer");
                break;
            case ClusterEvent.ReachableMember back:
                Say(back.Member, "answers again");
                break;
            default:
                break;
        }

        Tell();
    }

    private void Say(Member member, string what) =>
        _say($"{Role(member)} {Endpoint.Of(member.Address)} {what}");

    private void Tell() => _tell([.. _view.Members.OrderBy(member => member.Address).Select(View)]);

    private static string Role(Member member) =>
        member.HasRole(ClusterRole.Learner) ? ClusterRole.Learner : ClusterRole.Worker;

    private ClusterMember View(Member member)
    {
        var isSelf = member.Address == _cluster.SelfAddress;
        var node = _nodes.GetValueOrDefault(member.Address);
        return new ClusterMember(
            Endpoint.Of(member.Address).ToString(),
            Role(member),
            !_view.IsReachable(member) ? "unreachable" : member.Status.ToString().ToLowerInvariant(),
            isSelf,
            isSelf ? Environment.ProcessId : node?.ProcessId,
            node?.Slots);
    }
}
