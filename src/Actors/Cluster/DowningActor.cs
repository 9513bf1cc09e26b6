using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;

namespace Involute.Actors.Cluster;

/// <summary>
/// Declares members gone that do not answer, by <see cref="DowningDecision"/>, once what is seen has been the same for
/// long enough.
/// </summary>
internal sealed class DowningActor : ReceiveActor, IWithTimers
{
    //  for each member:  Answers ──UnreachableMember──▶ Gone ──StableAfter──▶ downed, this side ends, or LateAfter ──▶ downed
    //                       ▲                            │
    //                       └────── ReachableMember ─────┘
    private readonly DowningTimes _times;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ClusterView _view = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private HashSet<UniqueAddress> _gone = [];

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
        Receive<Stable>(Decide);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        ClusterView.Subscribe(_cluster, Self);
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    // Each member's time counts by itself: others that come or go, as they do while a supervisor restarts them, must
    // not keep a division from ever being stable.
    private void Changed()
    {
        var gone = _view.Unreachable.Select(member => member.UniqueAddress).ToHashSet();
        foreach (var back in _gone.Except(gone))
        {
            Timers.Cancel(back);
        }

        foreach (var lost in gone.Except(_gone))
        {
            Timers.StartSingleTimer(lost, new Stable(lost, IsLate: false), _times.StableAfter);
        }

        _gone = gone;
    }

    private void Decide(Stable stable)
    {
        switch (Verdict())
        {
            case DowningVerdict.DownThem:
            case DowningVerdict.DownThemLate when stable.IsLate:
                _cluster.Down(stable.Member.Address);
                break;
            case DowningVerdict.DownThemLate:
                Timers.StartSingleTimer(
                    stable.Member, stable with { IsLate = true }, _times.LateAfter - _times.StableAfter);
                break;
            case DowningVerdict.DownOurselves:
                _log.Warning("this learner reaches no worker, but another may: it ends, so that the other can go on");

                // Who is gone in its own eyes does not wait until the others, who do not answer, have let it leave: the
                // run's lock is free 15 s earlier.
                _cluster.Down(_cluster.SelfAddress);
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
        _ = ShutdownGate.Of(Context.System).Run(CoordinatedShutdown.ClusterDowningReason.Instance);

    private sealed record Stable(UniqueAddress Member, bool IsLate) : INoSerializationVerificationNeeded;
}
