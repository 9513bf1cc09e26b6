using Akka.Actor;
using Involute.Actors.Durability;
using Involute.Actors.Learning;
using Involute.Actors.Runs;
using Involute.Actors.Wire;

namespace Involute.Actors.Cluster;

/// <summary>
/// The cluster's singleton: one learner's time at the head of the run, from taking the run's lock to giving it back.
/// </summary>
public sealed class TenureActor : ReceiveActor, IWithTimers
{
    //  Waiting ──lock taken──▶ Leading ──the learner's run ends──▶ Over ──EndTenure──▶ stopped
    //     ▲ │ held                │
    //     └─┘ asks again          └──EndTenure──▶ asks the learner to stop, stops when it has
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly Tenure _tenure;
    private IDisposable? _lock;
    private IActorRef _learner = ActorRefs.Nobody;
    private bool _toldOfWaiting;
    private bool _ending;

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public TenureActor(Tenure tenure)
    {
        _tenure = tenure;
        Waiting();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The head of a run.</summary>
    public static Props CreateProps(Tenure tenure) => Props.Create(() => new TenureActor(tenure));

    /// <inheritdoc/>
    protected override void PreStart() => Take();

    /// <inheritdoc/>
    protected override void PostStop() => _lock?.Dispose();

    // A learner that fails has said so as the run's outcome; it is not made again.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Waiting()
    {
        Receive<TakeAgain>(_ => Take());
        Receive<EndTenure>(_ => Context.Stop(Self));

        // Workers ask again.
        Receive<IWireMessage>(_ => { });
    }

    private void Leading()
    {
        Receive<RunOutcome>(_ =>
        {
            _lock?.Dispose();
            _lock = null;
            if (_ending)
            {
                Context.Stop(Self);
            }
        });
        Receive<EndTenure>(_ =>
        {
            _ending = true;
            if (_lock is null)
            {
                Context.Stop(Self);
            }
            else
            {
                _learner.Tell(new LearnerProtocol.StopRun());
            }
        });
        Receive<IWireMessage>(message => _learner.Forward(message));
    }

    private void Take()
    {
        try
        {
            _lock = _tenure.TakeRun();
            if (_tenure.TryBegin() is { } run)
            {
                Lead(run);
            }
        }
        catch (RunHeldException held) when (_tenure.MayWait)
        {
            if (!_toldOfWaiting)
            {
                _toldOfWaiting = true;
                _tenure.Observer.Warned($"{held.Message}: waiting for it to end");
            }

            Timers.StartSingleTimer(nameof(AskAgain), new TakeAgain(), AskAgain);
        }
        catch (Exception failed)
        {
            // Whatever it is, it is the command's to report.
            _tenure.Completion.TrySetException(failed);
        }
    }

    private void Lead(TenureRun run)
    {
        _learner = Context.ActorOf(
            LearnerActor.CreateProps(run.Settings, run.Ledger, _tenure.Observer, _tenure.Completion), "learner");
        Context.ActorOf(MembersActor.CreateProps(_tenure.Members, _tenure.Observer.Warned), "members");
        _tenure.Completion.Task.PipeTo(Self);
        Become(Leading);
    }

    /// <summary>The cluster hands the run over to another node: end cleanly.</summary>
    public sealed record EndTenure : INoSerializationVerificationNeeded
    {
        internal static EndTenure Instance { get; } = new();
    }

    private sealed record TakeAgain : INoSerializationVerificationNeeded;
}
