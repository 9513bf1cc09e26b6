using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Involute.Actors.Durability;
using Involute.Actors.Learning;
using Involute.Actors.Runs;
using Involute.Actors.Wire;

namespace Involute.Actors.Cluster;

/// <summary>
/// The cluster's singleton: one learner's time at the head of the run, from taking the run to giving it back.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Akka ends an actor through PostStop, which disposes the source.")]
public sealed class TenureActor : ReceiveActor, IWithTimers
{
    //  Taking ──taken──▶ Leading ──the learner's run ends, the run is given back──▶ Over ──EndTenure──▶ stopped
    //    ▲ │ held            │  └──taken by another──▶ the learner is stopped, Over
    //    │ │ asks again      └──EndTenure──▶ asks the learner to stop; stopped when the run is given back
    //    └─┴──the run goes on outside this cluster──▶ Over
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly Tenure _tenure;
    private readonly CancellationTokenSource _cancellation = new();
    private ITakenRun? _run;
    private IActorRef _learner = ActorRefs.Nobody;
    private IActorRef _members = ActorRefs.Nobody;
    private readonly StrandedWatch _stranded = new();
    private bool _toldOfWaiting;
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

    private void Taking()
    {
        Receive<TakeAgain>(_ => Take());
        Receive<Taken>(taken =>
        {
            _run = taken.Run;
            if (_ending)
            {
                GiveBack();
            }
            else
            {
                taken.Run.Lost.PipeTo(Self);
                Lead();
            }
        });
        Receive<Status.Failure>(failed => NotTaken(failed.Cause));
        Receive<Look>(_ => LookAsync().PipeTo(Self));
        Receive<Looked>(looked => Waited(looked.Progress));
        Receive<EndTenure>(_ =>
        {
            _ending = true;
            _cancellation.Cancel();
            if (Timers.IsTimerActive(nameof(AskAgain)))
            {
                Context.Stop(Self);
            }
        });

        // Workers ask again.
        Receive<IWireMessage>(_ => { });
    }

    private void Leading()
    {
        Receive<RunOutcome>(_ => GiveBack());
        Receive<RunHeldException>(taken =>
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

    private void Take() => TakeAsync().PipeTo(Self);

    // Elsewhere: a lock is tried for a while.
    private async Task<Taken> TakeAsync() =>
        new(await Task.Run(() => _tenure.TakeRun!(_cancellation.Token)).ConfigureAwait(false));

    private async Task<Looked> LookAsync()
    {
        try
        {
            return new Looked(await Task.Run(_tenure.Progress!).ConfigureAwait(false));
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Taking the run uses the same store, and says what is wrong with it.
            return new Looked(null);
        }
    }

    // Only a learner holds a run: without another one in this cluster, the holder is outside.
    private void Waited(long? progress)
    {
        var cluster = Akka.Cluster.Cluster.Get(Context.System);
        var isHolderHere = cluster.State.Members.Any(
            member => member.HasRole(ClusterRole.Learner) && !member.UniqueAddress.Equals(cluster.SelfUniqueAddress));
        if (_stranded.Look(isHolderHere, progress))
        {
            _cancellation.Cancel();
            Timers.CancelAll();
            _tenure.Completion.TrySetResult(new RunOutcome(
                RunStatus.Downed, null, double.NaN, 0, "another learner leads the run, outside this cluster: the network was cut"));
            Become(Over);
        }
    }

    private void NotTaken(Exception cause)
    {
        if (_ending)
        {
            Context.Stop(Self);
        }
        else if (cause is RunHeldException held)
        {
            if (!_toldOfWaiting)
            {
                _toldOfWaiting = true;
                _tenure.Observer.Warned($"{held.Message}: waiting for it to end");
                if (_tenure.Progress is not null)
                {
                    Timers.StartPeriodicTimer(nameof(Look), new Look(), _tenure.LookInterval);
                }
            }

            Timers.StartSingleTimer(nameof(AskAgain), new TakeAgain(), AskAgain);
        }
        else
        {
            // Whatever it is, it is the command's to report.
            _tenure.Completion.TrySetException(cause);
            Become(Over);
        }
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

    private static async Task<GivenBack> GiveBackAsync(ITakenRun? run)
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

    private sealed record Look : INoSerializationVerificationNeeded;

    private sealed record Looked(long? Progress) : INoSerializationVerificationNeeded;

    private sealed record TakeAgain : INoSerializationVerificationNeeded;

    private sealed record Taken(ITakenRun Run) : INoSerializationVerificationNeeded;

    private sealed record GivenBack : INoSerializationVerificationNeeded;
}
