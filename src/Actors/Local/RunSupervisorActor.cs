using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Configuration;

namespace Involute.Actors.Local;

/// <summary>Parent of a run's learner and node in one process: one that fails ends, and the run says so.</summary>
/// <remarks>The same in every actor system: a learner that were restarted would begin the run a second time.</remarks>
internal sealed class RunSupervisorActor : ReceiveActor
{
    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public RunSupervisorActor(
        LearnerSettings settings, Props ledger, IRunObserver observer, TaskCompletionSource<RunOutcome> completion)
    {
        var learner = Context.ActorOf(LearnerActor.CreateProps(settings, ledger, observer, completion), "learner");
        var registration = new NodeProtocol.RegisterNode(
            settings.RunId,
            NodeProtocol.Version,
            settings.IdentitySha256,
            settings.ProblemSha256,
            settings.Run.ComputeThreads(),
            Environment.ProcessId);
        Context.ActorOf(NodeActor.CreateProps(registration, settings.Plan, learner), "node");
        Receive<LearnerProtocol.StopRun>(learner.Forward);
    }

    /// <summary>The actors of a run.</summary>
    public static Props CreateProps(
        LearnerSettings settings, Props ledger, IRunObserver observer, TaskCompletionSource<RunOutcome> completion) =>
        Props.Create(() => new RunSupervisorActor(settings, ledger, observer, completion));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);
}
