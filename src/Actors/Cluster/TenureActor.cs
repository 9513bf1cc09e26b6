using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Claims;

namespace Involute.Actors.Cluster;

/// <summary>
/// The cluster's singleton: one learner's time at the head of the run, from taking the run to giving it back.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Akka ends an actor through PostStop, which disposes the source.")]
public sealed partial class TenureActor : ReceiveActor, IWithTimers
{
    //  Taking ──taken──▶ Leading ──the learner's run ends, the run is given back──▶ Over ──EndTenure──▶ stopped
    //    ▲ │ held            │  └──taken by another──▶ the learner is stopped, Over
    //    │ │ asks again      └──EndTenure──▶ asks the learner to stop; stopped when the run is given back
    //    └─┴──the run goes on outside this cluster──▶ Over
    private readonly Tenure _tenure;
    private readonly CancellationTokenSource _cancellation = new();
    private IRunClaim? _run;
    private IActorRef _learner = ActorRefs.Nobody;
    private IActorRef _members = ActorRefs.Nobody;
    private bool _ending;
    private bool _givingBack;

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public TenureActor(Tenure tenure)
    {
        _tenure = tenure;
        Taking();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The head of a run.</summary>
    public static Props CreateProps(Tenure tenure) => Props.Create(() => new TenureActor(tenure));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        if (_tenure.TakeRun is null)
        {
            Lead();
        }
        else
        {
            Take();
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _cancellation.Cancel();
        _cancellation.Dispose();
        if (_run is not null)
        {
            // The actor system is ending; whoever waits for the run gets it now.
            _ = GiveBackAsync(_run);
        }
    }

    // A learner that fails has said so as the run's outcome; it is not made again.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Leading()
    {
        Receive<RunOutcome>(_ => GiveBack());
        Receive<RunClaimedException>(taken =>
        {
            _tenure.Completion.TrySetException(taken);
            Context.Stop(_learner);
        });
        Receive<Status.Failure>(_ => GiveBack());
        Receive<EndTenure>(_ =>
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
        Receive<EndTenure>(_ =>
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
        if (_tenure.TryBegin() is not { } run)
        {
            GiveBack();
            return;
        }

        _learner = Context.ActorOf(
            LearnerActor.CreateProps(run.Settings, run.Ledger, _tenure.Observer, _tenure.Completion), "learner");
        _members = Context.ActorOf(MembersActor.CreateProps(_tenure.Members, _tenure.Observer.Warned), "members");
        _tenure.Completion.Task.PipeTo(Self);
        _tenure.StopAsked.PipeTo(_learner);
        Timers.CancelAll();
        Become(Leading);
    }

    private void GiveBack()
    {
        Become(Over);
        Context.Stop(_members);
        var run = _run;
        _run = null;
        _givingBack = true;
        GiveBackAsync(run).PipeTo(Self);
    }

    private static async Task<GivenBack> GiveBackAsync(IRunClaim? run)
    {
        if (run is not null)
        {
            await run.DisposeAsync().ConfigureAwait(false);
        }

        return new GivenBack();
    }

    /// <summary>The cluster hands the run over to another node: end cleanly.</summary>
    public sealed record EndTenure : INoSerializationVerificationNeeded
    {
        internal static EndTenure Instance { get; } = new();
    }

    private sealed record GivenBack : INoSerializationVerificationNeeded;
}
