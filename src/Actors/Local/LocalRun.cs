using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Ledger;
using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;

namespace Involute.Actors.Local;

/// <summary>A whole run in this process: learner, ledger, one node and its pair actors.</summary>
internal sealed class LocalRun : ITrainingRun
{
    // Stopping actors do not wait for anything; a thread that computes a window finishes it first.
    private static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(1);

    private readonly ActorSystemHost? _own;
    private readonly IActorRef _actors;

    private LocalRun(ActorSystemHost? own, ActorSystem system, IActorRef actors, Task<RunOutcome> completion)
    {
        (_own, System, _actors) = (own, system, actors);
        Completion = completion;
    }

    /// <inheritdoc/>
    public Task<RunOutcome> Completion { get; }

    /// <summary>The actor system that it runs in.</summary>
    public ActorSystem System { get; }

    /// <summary>Starts a run.</summary>
    /// <param name="run">The run, claimed by this process.</param>
    /// <param name="observer">Hears of it in order.</param>
    /// <param name="system">An actor system with the run's settings; null for one of its own.</param>
    /// <param name="seat">Where others find the learner; null if no console does.</param>
    public static async Task<LocalRun> StartAsync(
        OpenRun run, IRunObserver observer, ActorSystem? system, LearnerSeat? seat = null)
    {
        ArgumentNullException.ThrowIfNull(run);

        // While the actor system starts, the computation is tried on another core.
        var host = HostAsync(run.Configuration, PersistenceHocon.For(run.Store), system);
        try
        {
            var settings = LearnerSettings.Of(run, await run.Computation.ConfigureAwait(false)) with
            {
                Seat = seat ?? new LearnerSeat(),
            };
            var ledger = LedgerActor.CreateProps(
                run.Store, settings.IdentitySha256, settings.Computation,
                new LedgerGuard { At = run.At, Folder = run.Folder, ClaimedEpoch = () => run.Epoch });
            return Start(settings, observer, ledger, await host.ConfigureAwait(false), system);
        }
        catch
        {
            if (await host.ConfigureAwait(false) is { } own)
            {
                await own.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Starts a run with any ledger.</summary>
    /// <param name="settings">What the learner is given.</param>
    /// <param name="observer">Hears of it in order.</param>
    /// <param name="ledger">An actor that speaks the ledger's protocol.</param>
    /// <param name="storageHocon">Akka settings that the ledger needs; may be empty.</param>
    /// <param name="system">An actor system that has these settings; null for one of its own.</param>
    public static async Task<LocalRun> StartAsync(
        LearnerSettings settings, IRunObserver observer, Props ledger, string storageHocon, ActorSystem? system = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var own = await HostAsync(settings.Run, storageHocon, system).ConfigureAwait(false);
        return Start(settings, observer, ledger, own, system);
    }

    /// <inheritdoc/>
    public void RequestStop() => _actors.Tell(new LearnerProtocol.StopRun());

    /// <summary>Ends the actors; a run that is not completed counts as given up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync().ConfigureAwait(false);
            return;
        }

        _actors.Tell(new LearnerProtocol.GiveUp());
        await ((Task)Completion).WaitAsync(LongestStop)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _actors.GracefulStop(LongestStop).ConfigureAwait(false);
    }

    private static async Task<ActorSystemHost?> HostAsync(
        RunConfiguration run, string storageHocon, ActorSystem? system) => system is not null
        ? null
        : await ActorSystemHost.StartAsync(
            RunHocon.Create(run.ComputeThreads(), storageHocon, run.Akka), _ => { }).ConfigureAwait(false);

    private static LocalRun Start(
        LearnerSettings settings, IRunObserver observer, Props ledger, ActorSystemHost? own, ActorSystem? system)
    {
        var completion = new TaskCompletionSource<RunOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var home = system ?? own!.System;
        var actors = home.ActorOf(
            RunSupervisorActor.CreateProps(settings, ledger, observer, completion), $"involute-{settings.RunId}");
        return new LocalRun(own, home, actors, completion.Task);
    }
}

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
            settings.Computation,
            settings.Run.ComputeThreads(),
            Environment.ProcessId);
        Context.ActorOf(
            NodeActor.CreateProps(registration, settings.NodePlan, learner, new WindowWatch(settings.Run)), "node");
        Receive<LearnerProtocol.StopRun>(learner.Forward);
        Receive<LearnerProtocol.GiveUp>(learner.Forward);
        Receive<NodeActor.Suspicion>(it => observer.Warned(it.Line));

        // It may be unable to stop by itself.
        Receive<NodeActor.Broken>(_ => learner.Tell(new LearnerProtocol.NodeStopped(
            new NodeIdentity(Sender.Path.ToStringWithAddress(), Sender.Path.Uid))));

        // The node tells its parent how the run ended, which the process hears from the learner.
        Receive<NodeProtocol.RunEnded>(_ => { });
    }

    /// <summary>The actors of a run.</summary>
    public static Props CreateProps(
        LearnerSettings settings, Props ledger, IRunObserver observer, TaskCompletionSource<RunOutcome> completion) =>
        Props.Create(() => new RunSupervisorActor(settings, ledger, observer, completion));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);
}
