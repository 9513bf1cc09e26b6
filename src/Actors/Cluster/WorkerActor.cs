using Akka.Actor;
using Involute.Actors.Nodes;
using Involute.Actors.Pairs;
using Involute.Actors.Protocol;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Cluster;

/// <summary>
/// The head of a worker process: finds the learner that leads a run, takes part in it, and looks for the next leader
/// when that one is gone.
/// </summary>
internal sealed class WorkerActor : ReceiveActor, IWithTimers
{
    //  Seeking ──RunOffered──▶ Preparing ──plan made──▶ Working
    //     ▲ │ asks each second     │ cannot be made         │ leader gone: its pairs are dropped
    //     │ ▼ too long: Lost       ▼ Unprepared             │
    //     └─────────────────────────────────────────────────┘        RunEnded, NodeRefused, NodeBroken: the end
    //  Leader gone while preparing: Seeking, and that plan is dropped. One that only checks asks instead of working:
    //  Asking ──NodeAccepted──▶ the end
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    private readonly WorkerSettings _settings;
    private readonly IActorRef _learners;
    private readonly TaskCompletionSource<WorkerOutcome> _completion;
    private readonly RunningWindows _windows = new(TimeProvider.System);
    private IActorRef _learner = ActorRefs.Nobody;
    private IActorRef _node = ActorRefs.Nobody;
    private int _nodes;
    private int _offers;
    private WorkerStep _step;

    /// <param name="settings">The worker.</param>
    /// <param name="learners">Passes messages to the learner that leads, wherever that is.</param>
    /// <param name="completion">Receives the end.</param>
    public WorkerActor(
        WorkerSettings settings, IActorRef learners, TaskCompletionSource<WorkerOutcome> completion)
    {
        _settings = settings;
        _learners = learners;
        _completion = completion;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => StartSeeking();

    // The process would be there and do nothing.
    protected override void PostStop()
    {
        if (CoordinatedShutdown.Get(Context.System).ShutdownReason is null)
        {
            _completion.TrySetResult(
                new WorkerOutcome(WorkerEnd.Broken, "the worker's actor was stopped from inside this program"));
        }
    }

    private void Seeking()
    {
        _step = WorkerStep.Run;
        Receive<ControlProtocol.AskWorker>(_ => Say("looking for a learner"));
        Receive<Ask>(_ => _learners.Tell(new AskForRun(NodeProtocol.Program, NodeProtocol.Version)));
        Receive<TooLong>(_ => End(
            WorkerEnd.Lost, $"no learner has led a run for {_settings.Patience.TotalSeconds:0} s"));
        Receive<RunOffered>(Prepare);
        Receive<NodeRefused>(refused =>
        {
            _step = WorkerStep.Version;
            Refused(refused);
        });
        ReceiveEnds();
    }

    // A node that throws has a bug or no memory: as one that is started anew it would not have its pairs either.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(error =>
    {
        Self.Tell(new NodeActor.Broken($"{error.GetType().Name}: {error.Message}"));
        return Directive.Stop;
    });

    private void Preparing()
    {
        _step = WorkerStep.Identity;
        Receive<ControlProtocol.AskWorker>(_ => Say("reading the run's data"));
        Receive<Prepared>(it => it.Offer == _offers, it => Begin(it.Plan));
        Receive<NotPrepared>(it => it.Offer == _offers, it => End(WorkerEnd.Unprepared, it.Cause.Message, it.Cause));
        Receive<Terminated>(it => it.ActorRef.Equals(_learner), _ => StartSeeking());
        ReceiveEnds();
    }

    private void Asking()
    {
        Receive<NodeAccepted>(it => End(WorkerEnd.Checked, $"run {it.RunId} would let this worker in"));
        Receive<Terminated>(it => it.ActorRef.Equals(_learner), _ => StartSeeking());
        Receive<TooLong>(_ => End(WorkerEnd.Lost, "the learner does not answer"));
        ReceiveEnds();
    }

    private void Working()
    {
        Receive<ControlProtocol.AskWorker>(ask => _node.Forward(ask));
        Receive<Terminated>(it => it.ActorRef.Equals(_learner), _ =>
        {
            _settings.Tell("the learner is gone: waiting for it, or for another");
            Context.Stop(Context.Unwatch(_node));
            StartSeeking();
        });
        Receive<NodeActor.Suspicion>(it => _settings.Tell(it.Line));
        Receive<NodeActor.Broken>(it => End(
            WorkerEnd.Broken, $"this process cannot go on computing, its pairs go to other workers: {it.Error}"));
        Receive<Terminated>(it => it.ActorRef.Equals(_node), _ => End(
            WorkerEnd.Broken, "the node's actor was stopped from inside this program, its pairs go to other workers"));
        ReceiveEnds();
    }

    private void Say(string state) =>
        Sender.Tell(new ControlProtocol.WorkerStanding(state, null, null, null, []));

    private void ReceiveEnds()
    {
        Receive<RunEnded>(ended => End(WorkerEnd.Finished, $"run {ended.RunId} is over: {ended.Reason}"));
        Receive<NodeRefused>(Refused);
        ReceiveAny(_ => { });
    }

    private void Refused(NodeRefused refused) =>
        End(WorkerEnd.Refused, $"run {refused.RunId} refuses this worker: {refused.Reason}");

    private void StartSeeking()
    {
        Context.Unwatch(_learner);
        _learner = ActorRefs.Nobody;
        _settings.Pulse?.Stop();
        Become(Seeking);
        Timers.StartPeriodicTimer(nameof(Ask), new Ask(), TimeSpan.Zero, AskInterval);
        Timers.StartSingleTimer(nameof(TooLong), new TooLong(), _settings.Patience);
    }

    private void Prepare(RunOffered offer)
    {
        Timers.CancelAll();
        _learner = Context.Watch(Sender);
        Become(Preparing);

        // Data may have to be read: not on this actor's thread.
        // An answer names its offer: the learner may be another by the time it comes.
        var number = ++_offers;
        Task.Run(() => _settings.MakePlan(offer)).PipeTo(
            Self,
            success: plan => new Prepared(number, plan),
            failure: cause => new NotPrepared(number, cause));
    }

    private void Begin(WorkerPlan plan)
    {
        if (!_settings.OnlyChecks)
        {
            Work(plan);
            return;
        }

        _learner.Tell(new AskForAdmission(plan.Registration));
        Timers.StartSingleTimer(nameof(TooLong), new TooLong(), _settings.Patience);
        Become(Asking);
    }

    private void Work(WorkerPlan plan)
    {
        _settings.Tell($"taking part in run {plan.Registration.RunId}, led by {Endpoint.Of(_learner.Path.Address)}");
        var watch = new WindowWatch(_windows, plan.WindowLimit);
        _node = Context.Watch(Context.ActorOf(
            NodeActor.CreateProps(plan.Registration, plan.Plan, _learner, watch, _settings.Pulse), $"node-{++_nodes}"));
        Become(Working);
    }

    private void End(WorkerEnd end, string reason, Exception? cause = null)
    {
        _completion.TrySetResult(new WorkerOutcome(end, reason, _step, cause));
        Become(() => ReceiveAny(_ => { }));
    }

    private sealed record Ask : INoSerializationVerificationNeeded;

    private sealed record Prepared(int Offer, WorkerPlan Plan) : INoSerializationVerificationNeeded;

    private sealed record NotPrepared(int Offer, Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record TooLong : INoSerializationVerificationNeeded;
}
