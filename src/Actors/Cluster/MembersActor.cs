using Akka.Actor;
using Akka.Cluster;
using Involute.Actors.Learning;
using ClusterExtension = Akka.Cluster.Cluster;

namespace Involute.Actors.Cluster;

/// <summary>Tells who belongs to the cluster, at each change, while this process leads the run.</summary>
internal sealed class MembersActor : ReceiveActor
{
    private readonly Action<IReadOnlyList<ClusterMember>> _tell;
    private readonly Action<string> _say;
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
        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            _nodes.Remove(removed.Member.Address);
            Tell();
        });
        Receive<ClusterEvent.CurrentClusterState>(_ => Tell());
        Receive<ClusterEvent.UnreachableMember>(it => Say(it.Member, "does not answer"));
        Receive<ClusterEvent.ReachableMember>(it => Say(it.Member, "answers again"));
        Receive<ClusterEvent.IClusterDomainEvent>(_ => Tell());
    }

    public static Props CreateProps(Action<IReadOnlyList<ClusterMember>> tell, Action<string> say) =>
        Props.Create(() => new MembersActor(tell, say));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(LearnerProtocol.NodeRegistered));
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Say(Member member, string what)
    {
        _say($"{Role(member)} {Endpoint.Of(member.Address)} {what}");
        Tell();
    }

    private void Tell()
    {
        var state = _cluster.State;
        _tell([.. state.Members.OrderBy(member => member.Address).Select(member => View(member, state))]);
    }

    private static string Role(Member member) =>
        member.HasRole(ClusterRole.Learner) ? ClusterRole.Learner : ClusterRole.Worker;

    private ClusterMember View(Member member, ClusterEvent.CurrentClusterState state)
    {
        var isSelf = member.Address == _cluster.SelfAddress;
        var node = _nodes.GetValueOrDefault(member.Address);
        return new ClusterMember(
            Endpoint.Of(member.Address).ToString(),
            Role(member),
            state.Unreachable.Contains(member) ? "unreachable" : member.Status.ToString().ToLowerInvariant(),
            isSelf,
            isSelf ? Environment.ProcessId : node?.ProcessId,
            node?.Slots);
    }
}
