using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;

namespace Involute.Actors.Cluster;

/// <summary>
/// Declares members gone that do not answer, by <see cref="DowningDecision"/>, once what is seen has been the same for long
/// enough.
/// </summary>
internal sealed class DowningActor : ReceiveActor, IWithTimers
{
    //  Together ──a member does not answer──▶ Divided ──stable for StableAfter──▶ downs, ends, or waits for Late
    //      ▲                                    │ ▲
    //      └───────── all answer ───────────────┘ └── any change of members or reachability: the time starts anew
    private readonly DowningTimes _times;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ClusterView _view = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public DowningActor(DowningTimes times)
    {
        _times = times;
        Receive<ClusterEvent.CurrentClusterState>(state =>
        {
            _view.Apply(state);
            Changed();
        });
        Receive<ClusterEvent.IClusterDomainEvent>(change =>
        {
            _view.Apply(change);
            Changed();
        });
        Receive<ThisActorSystemQuarantinedEvent>(it =>
        {
            _log.Warning("{0} has declared this node gone", it.RemoteAddress);
            End();
        });
        Receive<Stable>(_ => Decide(late: false));
        Receive<StillStable>(_ => Decide(late: true));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        ClusterView.Subscribe(_cluster, Self);
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Changed()
    {
        Timers.CancelAll();
        if (Verdict() != DowningVerdict.Nothing)
        {
            Timers.StartSingleTimer(nameof(Stable), new Stable(), _times.StableAfter);
        }
    }

    private void Decide(bool late)
    {
        switch (Verdict())
        {
            case DowningVerdict.DownThem:
            case DowningVerdict.DownThemLate when late:
                foreach (var member in _view.Unreachable)
                {
                    _cluster.Down(member.Address);
                }

                break;
            case DowningVerdict.DownThemLate:
                Timers.StartSingleTimer(nameof(StillStable), new StillStable(), _times.LateAfter - _times.StableAfter);
                break;
            case DowningVerdict.DownOurselves:
                _log.Warning("this learner reaches no worker while another may: it ends, so that the other can go on");
                End();
                break;
            case DowningVerdict.Nothing:
            default:
                break;
        }
    }

    private DowningVerdict Verdict() => DowningDecision.Decide(
    [
        .. _view.Members.Where(member => member.Status is not (MemberStatus.Down or MemberStatus.Exiting))
            .Select(member => new MemberView(member.HasRole(ClusterRole.Learner), _view.IsReachable(member))),
    ]);

    private static void End() =>
        _ = NodeEnd.Of(Context.System).Run(CoordinatedShutdown.ClusterDowningReason.Instance);

    private sealed record Stable : INoSerializationVerificationNeeded;

    private sealed record StillStable : INoSerializationVerificationNeeded;
}
