using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Local;
using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Tests;

namespace Involute.Actors.Tests.Doubles;

/// <summary>The actors of a run, wired by hand so that doubles fit between them; every message is serialized.</summary>
internal sealed class TestRun : IAsyncDisposable
{
    public const string SerializeMessages = "akka.actor.serialize-messages = on";

    private readonly LearnerSettings _settings;

    private readonly TaskCompletionSource<RunOutcome> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TestRun(LearnerSettings settings, Props ledger, RecordingObserver observer, int threads = 2)
    {
        _settings = settings;
        System = ActorSystem.Create("test", RunHocon.Create(threads, "", SerializeMessages));
        Learner = System.ActorOf(LearnerActor.CreateProps(settings, ledger, observer, _completion), "learner");
    }

    public ActorSystem System { get; }

    public IActorRef Learner { get; }

    /// <summary>The end; a run that hangs fails its test.</summary>
    public Task<RunOutcome> Outcome => _completion.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public static LearnerSettings Settings(
        TrainingPlan<float> plan, int outerSteps, int checkpointInterval = 3, int threads = 2) =>
        new(
            new RunId("test"),
            new RunConfiguration { OuterSteps = outerSteps, CheckpointInterval = checkpointInterval, Threads = threads },
            plan)
        {
            IdentitySha256 = TestPlans.Identity,
        };

    /// <summary>Adds a node that believes <paramref name="gate"/> to be the learner.</summary>
    public IActorRef AddNode(string name = "node", IActorRef? gate = null) => System.ActorOf(
        NodeActor.CreateProps(
            new NodeProtocol.RegisterNode(
                _settings.RunId, NodeProtocol.Version, _settings.IdentitySha256, _settings.Computation, 2, 7),
            _settings.Plan,
            gate ?? Learner,
            new WindowWatch(_settings.Run)),
        name);

    public async ValueTask DisposeAsync() => await System.Terminate();
}
