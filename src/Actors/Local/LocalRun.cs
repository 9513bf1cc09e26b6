using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Ledger;
using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Runs;

namespace Involute.Actors.Local;

/// <summary>A whole run in this process: learner, ledger, one node and its pair actors.</summary>
public sealed class LocalRun : ITrainingRun
{
    private readonly ActorSystem _system;
    private readonly IActorRef _learner;

    private LocalRun(ActorSystem system, IActorRef learner, Task<RunOutcome> completion)
    {
        _system = system;
        _learner = learner;
        Completion = completion;
    }

    /// <inheritdoc/>
    public Task<RunOutcome> Completion { get; }

    /// <summary>Starts a run whose ledger and checkpoints are in its store.</summary>
    /// <param name="options">The run.</param>
    /// <param name="observer">Hears of it in order.</param>
    public static LocalRun Start(RunOptions options, IRunObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ledger = LedgerActor.CreateProps(options.Store, options.IdentitySha256);
        return Start(options, observer, ledger, PersistenceHocon.For(options.Store));
    }

    /// <summary>Starts a run with another ledger.</summary>
    /// <param name="options">The run.</param>
    /// <param name="observer">Hears of it in order.</param>
    /// <param name="ledger">An actor that speaks the ledger's protocol.</param>
    /// <param name="storageHocon">Akka settings that the ledger needs; may be empty.</param>
    public static LocalRun Start(RunOptions options, IRunObserver observer, Props ledger, string storageHocon)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(ledger);
        var system = ActorSystem.Create("involute", RunHocon.Create(options.Threads, storageHocon, options.AkkaHocon));
        var completion = new TaskCompletionSource<RunOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var settings = options.ToLearnerSettings();
        var learner = system.ActorOf(LearnerActor.CreateProps(settings, ledger, observer, completion), "learner");
        var registration = new NodeProtocol.RegisterNode(
            options.RunId,
            NodeProtocol.Version,
            options.IdentitySha256,
            settings.ProblemSha256,
            options.Threads,
            Environment.ProcessId);
        system.ActorOf(NodeActor.CreateProps(registration, options.Plan, learner), "node");
        return new LocalRun(system, learner, completion.Task);
    }

    /// <inheritdoc/>
    public void RequestStop() => _learner.Tell(new LearnerProtocol.StopRun());

    /// <summary>Ends the actors; a run that is not completed counts as given up.</summary>
    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);
}
