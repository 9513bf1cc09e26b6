using Akka.Actor;
using Akka.Cluster;

namespace Involute.Actors.Cluster;

/// <summary>The members of the cluster, kept by the events that one actor has been told of.</summary>
/// <remarks>
/// <see cref="Akka.Cluster.Cluster.State"/> is kept by another actor, and may not know yet what an event has just said.
/// </remarks>
internal sealed class ClusterView
{
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];

    /// <summary>Those that still belong to it, the oldest first.</summary>
    public IEnumerable<Member> Members => _members.Values.Order(Member.AgeOrdering);

    /// <summary>Those that do not answer.</summary>
    public IEnumerable<Member> Unreachable => Members.Where(member => !IsReachable(member));

    /// <summary>Whether a member answers.</summary>
    public bool IsReachable(Member member) => !_unreachable.Contains(member.UniqueAddress);

    /// <summary>Subscribes an actor to everything that <c>Apply</c> understands.</summary>
    public static void Subscribe(Akka.Cluster.Cluster cluster, IActorRef subscriber) => cluster.Subscribe(
        subscriber,
        ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
        typeof(ClusterEvent.IMemberEvent),
        typeof(ClusterEvent.IReachabilityEvent));

    /// <summary>Takes in what has changed.</summary>
    public void Apply(ClusterEvent.CurrentClusterState state)
    {
        foreach (var member in state.Members)
        {
            _members[member.UniqueAddress] = member;
        }

        _unreachable.UnionWith(state.Unreachable.Select(member => member.UniqueAddress));
    }

    /// <summary>Takes in what has changed.</summary>
    public void Apply(ClusterEvent.IClusterDomainEvent change)
    {
        switch (change)
        {
            case ClusterEvent.MemberRemoved removed:
                _members.Remove(removed.Member.UniqueAddress);
                _unreachable.Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent it:
                _members[it.Member.UniqueAddress] = it.Member;
                break;
            case ClusterEvent.UnreachableMember lost:
                _unreachable.Add(lost.Member.UniqueAddress);
                break;
            case ClusterEvent.ReachableMember back:
                _unreachable.Remove(back.Member.UniqueAddress);
                break;
            default:
                break;
        }
    }
}
