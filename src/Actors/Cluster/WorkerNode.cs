using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;

namespace Involute.Actors.Cluster;

/// <summary>A process that computes pairs for the leading learner of the cluster.</summary>
internal sealed class WorkerNode : IAsyncDisposable
{
    private readonly ClusterNode _node;
    private readonly TaskCompletionSource<WorkerOutcome> _completion;

    private WorkerNode(ClusterNode node, TaskCompletionSource<WorkerOutcome> completion)
    {
        _node = node;
        _completion = completion;
        Completion = CompleteAsync();
    }

    /// <summary>Where it listens.</summary>
    public Endpoint Address => _node.Address;

    /// <summary>Why and how it ended.</summary>
    public Task<WorkerOutcome> Completion { get; }

    /// <summary>Starts it and looks for the cluster.</summary>
    /// <param name="options">The process; its role is <see cref="ClusterRole.Worker"/>.</param>
    /// <param name="members">Where members may be found, at least one.</param>
    /// <param name="settings">Its settings.</param>
    /// <exception cref="IOException">It cannot listen; one line.</exception>
    public static async Task<WorkerNode> StartAsync(
        ClusterNodeOptions options, IReadOnlyList<Endpoint> members, WorkerSettings settings)
    {
        var completion = new TaskCompletionSource<WorkerOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var proxy = new ClusterSingletonOptions
        {
            Role = ClusterRole.Learner,
            BufferSize = 0,
            LogSingletonIdentificationFailure = false,
        };
        var node = await ClusterNode.StartAsync(
            options,
            akka => akka
                .WithSingletonProxy<LeadershipActor>(LearnerNode.SingletonName, proxy)
                .WithActors((system, registry) => system.ActorOf(
                    Props.Create(() => new WorkerActor(settings, registry.Get<LeadershipActor>(), completion)),
                    "worker")))
            .ConfigureAwait(false);
        node.Join(members);
        return new WorkerNode(node, completion);
    }

    /// <summary>Asks it to end: its pairs go to others.</summary>
    public void RequestStop() =>
        _completion.TrySetResult(new WorkerOutcome(WorkerEnd.Stopped, "stopped; its pairs go to other workers"));

    /// <summary>Leaves the cluster.</summary>
    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private async Task<WorkerOutcome> CompleteAsync()
    {
        if (await Task.WhenAny(_completion.Task, _node.Departed).ConfigureAwait(false) == _completion.Task)
        {
            return await _completion.Task.ConfigureAwait(false);
        }

        return await _node.Departed.ConfigureAwait(false) switch
        {
            Departure.Downed => new WorkerOutcome(WorkerEnd.Downed, "the cluster has declared this worker gone"),
            Departure.NotJoined => new WorkerOutcome(
                WorkerEnd.NotJoined, "no member of the cluster answers and accepts this process"),
            _ => new WorkerOutcome(WorkerEnd.Stopped, "the actor system has ended"),
        };
    }
}
