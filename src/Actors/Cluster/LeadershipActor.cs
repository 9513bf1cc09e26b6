using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;

namespace Involute.Actors.Cluster;

/// <summary>
/// The cluster's singleton: one learner's time at the head of the run, from claiming the run to giving it back.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Akka ends an actor through PostStop, which disposes the source.")]
internal sealed class LeadershipActor : ReceiveActor, IWithTimers
{
    //  Claiming ──Claimed──▶ Leading ──the learner's run ends, the run is given back──▶ Over ──EndLeadership──▶ stopped
    //    ▲ │ another has it    │  └──RunTaken by another──▶ the learner is stopped, Over
    //    │ │ tries again       └──EndLeadership──▶ asks the learner to stop; stopped when the run is given back
    //    └─┴──the run goes on outside this cluster──▶ Over
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly Leadership _leadership;
    private readonly IsolationDetector _isolation = new();
    private readonly CancellationTokenSource _cancellation = new();
    private Task<IRunClaim>? _claiming;
    private IRunClaim? _claim;
    private IActorRef _learner = ActorRefs.Nobody;
    private IActorRef _members = ActorRefs.Nobody;
    private bool _toldOfWaiting;
    private bool _ending;
    private bool _givingBack;

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public LeadershipActor(Leadership leadership)
    {
        _leadership = leadership;
        Claiming();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The head of a run.</summary>
    public static Props CreateProps(Leadership leadership) => Props.Create(() => new LeadershipActor(leadership));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        if (_leadership.ClaimRun is null)
        {
            Lead();
        }
        else
        {
            Claim();
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _cancellation.Cancel();
        _cancellation.Dispose();
        if (_claim is not null)
        {
            // The actor system is ending; a standby that waits for the run gets it now.
            _ = GiveBackAsync(_claim);
        }
        else if (_claiming is not null)
        {
            _ = GiveBackLaterAsync(_claiming);
        }
    }

    // A learner that fails has said so as the run's outcome; it is not made again.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Claiming()
    {
        Receive<ClaimAgain>(_ => Claim());
        Receive<Claimed>(claimed =>
        {
            (_claim, _claiming) = (claimed.Claim, null);
            claimed.Claim.Lost.PipeTo(Self, success: cause => new RunTaken(cause));
            Lead();
        });
        Receive<NotClaimed>(failed => Wait(failed.Cause));
        Receive<Look>(_ => LookAsync().PipeTo(Self, failure: cause => new NotClaimed(cause)));
        Receive<Looked>(looked => Waited(looked.Progress));

        // A store that is locked does not hear of the end: a claim that it grants later is given back then.
        Receive<EndLeadership>(_ => Context.Stop(Self));

        // Workers ask again.
        Receive<IWireMessage>(_ => { });
    }

    // Elsewhere: stores are asked synchronously, and may be slow.
    private void Claim()
    {
        var cancellation = _cancellation.Token;
        _claiming = Task.Run(() => _leadership.ClaimRun!(cancellation), CancellationToken.None);
        _claiming.PipeTo(
            Self, success: claim => new Claimed(claim), failure: cause => new NotClaimed(cause));
    }

    private async Task<Looked> LookAsync()
    {
        try
        {
            return new Looked(await Task.Run(_leadership.Progress!).ConfigureAwait(false));
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Claiming the run uses the same store, and says what is wrong with it.
            return new Looked(null);
        }
    }

    // Only a learner claims a run: without another one in this cluster, the claimant is outside.
    private void Waited(long? progress)
    {
        var cluster = Akka.Cluster.Cluster.Get(Context.System);
        var isClaimantHere = cluster.State.Members.Any(
            member => member.HasRole(ClusterRole.Learner) && !member.UniqueAddress.Equals(cluster.SelfUniqueAddress));
        if (_isolation.Look(isClaimantHere, progress))
        {
            _cancellation.Cancel();
            Timers.CancelAll();
            _leadership.Completion.TrySetResult(new RunOutcome(
                RunStatus.Downed, null, double.NaN, 0,
                "another learner leads the run, outside this cluster: the network was cut"));
            Become(Over);
        }
    }

    private void Wait(Exception cause)
    {
        if (cause is RunClaimedException claimed)
        {
            if (!_toldOfWaiting)
            {
                _toldOfWaiting = true;
                _leadership.Observer.Warned($"{claimed.Message}: waiting for it to end");
                if (_leadership.Progress is not null)
                {
                    Timers.StartPeriodicTimer(nameof(Look), new Look(), _leadership.LookInterval);
                }
            }

            Timers.StartSingleTimer(nameof(TryAgain), new ClaimAgain(), TryAgain);
        }
        else
        {
            // The command reports it.
            _leadership.Completion.TrySetException(cause);
            Become(Over);
        }
    }

    private void Leading()
    {
        Receive<RunOver>(_ => GiveBack());
        Receive<RunTaken>(taken =>
        {
            _leadership.Completion.TrySetException(taken.Cause);
            Context.Stop(_learner);
        });
        Receive<EndLeadership>(_ =>
        {
            _ending = true;
            _learner.Tell(new LearnerProtocol.StopRun());
        });
        Receive<IWireMessage>(message => _learner.Forward(message));
    }

    private void Over()
    {
        Receive<GivenBack>(_ =>
        {
            _givingBack = false;
            if (_ending)
            {
                Context.Stop(Self);
            }
        });
        Receive<EndLeadership>(_ =>
        {
            _ending = true;
            if (!_givingBack)
            {
                Context.Stop(Self);
            }
        });

        // The learner is there to say that the run is over.
        Receive<IWireMessage>(message => _learner.Forward(message));
    }

    private void Lead()
    {
        if (Begun() is not { } run)
        {
            GiveBack();
            return;
        }

        _learner = Context.ActorOf(
            LearnerActor.CreateProps(run.Settings, run.Ledger, _leadership.Observer, _leadership.Completion),
            "learner");
        _members = Context.ActorOf(
            MembersActor.CreateProps(_leadership.Members, _leadership.Observer.Told), "members");
        _leadership.Completion.Task.PipeTo(Self, success: _ => new RunOver(), failure: _ => new RunOver());
        _leadership.StopAsked.PipeTo(_learner);
        Timers.CancelAll();
        Become(Leading);
    }

    // The run's folder is read: what is wrong with it the command reports.
    private LeadershipRun? Begun()
    {
        try
        {
            return _leadership.TryBegin();
        }
        catch (Exception cause) when (cause is IOException or ConfigurationException or UnauthorizedAccessException)
        {
            _leadership.Completion.TrySetException(cause);
            return null;
        }
    }

    private void GiveBack()
    {
        Become(Over);
        Context.Stop(_members);
        var claim = _claim;
        _claim = null;
        _givingBack = true;
        GiveBackAsync(claim).PipeTo(Self);
    }

    private static async Task GiveBackLaterAsync(Task<IRunClaim> claiming)
    {
        await ((Task)claiming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (claiming.IsCompletedSuccessfully)
        {
            await GiveBackAsync(await claiming.ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    private static async Task<GivenBack> GiveBackAsync(IRunClaim? claim)
    {
        if (claim is not null)
        {
            await claim.DisposeAsync().ConfigureAwait(false);
        }

        return new GivenBack();
    }

    /// <summary>The cluster hands the run over to another node: end cleanly.</summary>
    public sealed record EndLeadership : INoSerializationVerificationNeeded
    {
        internal static EndLeadership Instance { get; } = new();
    }

    private sealed record GivenBack : INoSerializationVerificationNeeded;

    private sealed record Look : INoSerializationVerificationNeeded;

    private sealed record Looked(long? Progress) : INoSerializationVerificationNeeded;

    private sealed record ClaimAgain : INoSerializationVerificationNeeded;

    private sealed record Claimed(IRunClaim Claim) : INoSerializationVerificationNeeded;

    private sealed record NotClaimed(Exception Cause) : INoSerializationVerificationNeeded;

    // The learner's run has ended, well or not.
    private sealed record RunOver : INoSerializationVerificationNeeded;

    // Another process has claimed the run from this one.
    private sealed record RunTaken(RunClaimedException Cause) : INoSerializationVerificationNeeded;
}
