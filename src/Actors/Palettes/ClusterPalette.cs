using Akka.Actor;
using Akka.Cluster;
using Involute.Actors.Cluster;
using Involute.Commands;
using ClusterExtension = Akka.Cluster.Cluster;

namespace Involute.Actors.Palettes;

/// <summary>The palette <c>cluster</c>: who belongs to the run's cluster, as this node sees it.</summary>
internal sealed class ClusterPalette : CommandHandler
{
    private static readonly ArgumentDefinition Member = new("HOST:PORT", "the member, as 'cluster show' names it");

    private static readonly CommandDefinition Show = new("show", "all members, with roles, states and consoles");
    private static readonly CommandDefinition Status = new("status", "this node");
    private static readonly CommandDefinition Leader = new("leader", "the learner whose turn it is to lead");

    private static readonly CommandDefinition Leave =
        new("leave", "let a member (or this node) hand over what it has, and end", Member) { Question = "Let the member leave?" };

    private static readonly CommandDefinition Down =
        new("down", "declare a member gone that does not answer; its process ends if it still lives", Member with
        {
            IsRequired = true,
        })
        {
            Question = "Declare the member gone?",
        };

    private static readonly CommandDefinition Tail = new("tail", "members that come, go, and do not answer") { IsStream = true };

    /// <summary>What clients download.</summary>
    public static readonly Palette Palette = new("cluster", "the run's cluster", Show, Status, Leader, Leave, Down, Tail);

    private readonly ClusterExtension _cluster = ClusterExtension.Get(Context.System);
    private readonly TimeProvider _time;

    public ClusterPalette(TimeProvider time)
    {
        _time = time;
        On(Show, call => Finish(Table(call, _cluster.State.Members.OrderBy(member => member.Address))));
        On(Status, call => Finish(Table(call, [_cluster.SelfMember])));
        On(Leader, call =>
        {
            if (Oldest() is { } leading)
            {
                Finish(Table(call, [leading]));
            }
            else
            {
                Fail("no learner belongs to the cluster now");
            }
        });
        On(Leave, call =>
        {
            var member = Find(call) ?? _cluster.SelfMember;
            _cluster.Leave(member.Address);
            Finish(Done(call, member, "leaves"));
        });
        On(Down, call =>
        {
            var member = Find(call)!;
            _cluster.Down(member.Address);
            Finish(Done(call, member, "is declared gone"));
        });
        On(Tail, _ => ClusterView.Subscribe(_cluster, Self));
        Receive<ClusterEvent.CurrentClusterState>(state => state.Members.ToList().ForEach(
            member => Tell(member, State(member, state))));
        Receive<ClusterEvent.UnreachableMember>(it => Tell(it.Member, "does not answer"));
        Receive<ClusterEvent.ReachableMember>(it => Tell(it.Member, "answers again"));

        // The cluster's state may not know yet what the event has just said.
        Receive<ClusterEvent.IMemberEvent>(it => Tell(it.Member, StatusOf(it.Member)));
    }

    /// <summary>The palette of a member.</summary>
    public static PaletteHandler Of(TimeProvider time) => new(Palette, Props.Create(() => new ClusterPalette(time)));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    // The singleton's place.
    private Member? Oldest() => _cluster.State.Members
        .Where(member => member.HasRole(ClusterRole.Learner) && member.Status is MemberStatus.Up or MemberStatus.Leaving)
        .Order(Akka.Cluster.Member.AgeOrdering).FirstOrDefault();

    private Member? Find(CommandCall call) => call.Text(Member) is not { } text
        ? null
        : _cluster.State.Members.FirstOrDefault(member => Endpoint.Of(member.Address).ToString() == text)
            ?? throw new CommandRefusedException(
                $"no member listens on {text}; allowed: "
                    + string.Join(", ", _cluster.State.Members.Select(member => Endpoint.Of(member.Address))));

    private string Table(CommandCall call, IEnumerable<Member> members)
    {
        var leading = Oldest();
        return MemberRow.Table(call.Json, members.Select(member => new MemberRow(
            Endpoint.Of(member.Address), ClusterRole.Of(member), State(member), member.Equals(leading),
            member.Address == _cluster.SelfAddress, PlaceRole.Console.Find(member))));
    }

    private static string Done(CommandCall call, Member member, string what) =>
        MemberRow.Done(call.Json, Endpoint.Of(member.Address), what);

    private string State(Member member) => State(member, _cluster.State);

    private static string State(Member member, ClusterEvent.CurrentClusterState state) =>
        state.Unreachable.Contains(member) ? "unreachable" : StatusOf(member);

    private static string StatusOf(Member member) => member.Status.ToString().ToLowerInvariant();

    private void Tell(Member member, string what) => Write(MemberRow.Event(
        Call!.Json, _time.GetUtcNow(), ClusterRole.Of(member), Endpoint.Of(member.Address), what));
}
