using Akka.Actor;
using Akka.Cluster;
using Involute.Actors.Protocol;
using Involute.Runs;
using ClusterExtension = Akka.Cluster.Cluster;

namespace Involute.Actors.Cluster;

/// <summary>Tells who belongs to the cluster, at each change, while this process leads the run.</summary>
internal sealed class MembersActor : ReceiveActor
{
    private readonly Action<IReadOnlyList<ClusterMember>> _tell;
    private readonly Action<RunNews> _say;
    private readonly ClusterView _view = new();
    private readonly ClusterExtension _cluster = ClusterExtension.Get(Context.System);
    private readonly Dictionary<Address, LearnerProtocol.NodeRegistered> _nodes = [];

    public MembersActor(Action<IReadOnlyList<ClusterMember>> tell, Action<RunNews> say)
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

    public static Props CreateProps(Action<IReadOnlyList<ClusterMember>> tell, Action<RunNews> say) =>
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
                if (IsStandby(removed.Member))
                {
                    Say(removed.Member, "is gone: it stands by no more", "standby-left");
                }

                break;
            case ClusterEvent.MemberUp joined when IsStandby(joined.Member):
                Say(joined.Member, "joined, and stands by", "standby-joined", isWarning: false);
                break;
            case ClusterEvent.UnreachableMember lost:
                Say(lost.Member, "does not answer", "member-unreachable");
                break;
            case ClusterEvent.ReachableMember back:
                Say(back.Member, "answers again", "member-reachable");
                break;
            default:
                break;
        }

        Tell();
    }

    private void Say(Member member, string what, string kind, bool isWarning = true)
    {
        var place = Endpoint.Of(member.Address).ToString();
        _say(new RunNews(kind, $"{ClusterRole.Of(member)} {place} {what}") { IsWarning = isWarning, Node = place });
    }

    // Of workers the learner tells itself, when they register and when it loses them.
    private bool IsStandby(Member member) =>
        member.HasRole(ClusterRole.Learner) && member.UniqueAddress != _cluster.SelfUniqueAddress;

    private void Tell() => _tell([.. _view.Members.OrderBy(member => member.Address).Select(View)]);

    private ClusterMember View(Member member)
    {
        var isSelf = member.Address == _cluster.SelfAddress;
        var node = _nodes.GetValueOrDefault(member.Address);
        return new ClusterMember(
            Endpoint.Of(member.Address).ToString(),
            ClusterRole.Of(member),
            !_view.IsReachable(member) ? "unreachable" : member.Status.ToString().ToLowerInvariant(),
            isSelf,
            isSelf ? Environment.ProcessId : node?.ProcessId,
            node?.Slots)
        {
            Console = PlaceRole.Console.Find(member)?.ToString(),
            Web = PlaceRole.Web.Find(member)?.ToString(),
        };
    }
}
