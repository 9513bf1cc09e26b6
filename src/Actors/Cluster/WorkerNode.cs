using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;

namespace Involute.Actors.Cluster;

/// <summary>A process that computes pairs for the leading learner of the cluster.</summary>
internal sealed class WorkerNode : IAsyncDisposable
{
    /// <summary>Where its head is, in its actor system.</summary>
    internal const string WorkerPath = "/user/" + WorkerName;

    private const string WorkerName = "worker";
    private readonly ClusterNode _node;
    private readonly TaskCompletionSource<WorkerOutcome> _completion;

    private readonly CancellationTokenSource _stop = new();

    private WorkerNode(ClusterNode node, MemberSearch search, WorkerSettings settings)
    {
        _node = node;
        _completion = new TaskCompletionSource<WorkerOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Completion = CompleteAsync();
        _ = JoinAsync(search, settings);
    }

    /// <summary>Its actor system.</summary>
    public ActorSystem System => _node.System;

    /// <summary>Whether a cluster has let it in.</summary>
    public bool IsMember => _node.IsMember;

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
        var proxy = new ClusterSingletonOptions
        {
            Role = ClusterRole.Learner,
            BufferSize = 0,
            LogSingletonIdentificationFailure = false,
        };
        var node = await ClusterNode.StartAsync(
            options, akka => akka.WithSingletonProxy<LeadershipActor>(LearnerNode.SingletonName, proxy))
            .ConfigureAwait(false);
        return new WorkerNode(
            node, new MemberSearch(members, node.Address, options.Encryption, settings.Tell), settings);
    }

    /// <summary>Asks it to end: its pairs go to others.</summary>
    public void RequestStop() =>
        _completion.TrySetResult(new WorkerOutcome(WorkerEnd.Stopped, "stopped; its pairs go to other workers"));

    /// <summary>Leaves the cluster.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _node.DisposeAsync().ConfigureAwait(false);
    }

    private async Task JoinAsync(MemberSearch search, WorkerSettings settings)
    {
        try
        {
            var members = await search.FindAsync(
                settings.OnlyChecks ? TimeSpan.Zero : _node.JoinPatience, _stop.Token).ConfigureAwait(false);
            if (search.Unreachable is { } reason)
            {
                _completion.TrySetResult(new WorkerOutcome(WorkerEnd.Refused, reason, WorkerStep.Name));
            }
            else if (members.Count == 0)
            {
                _completion.TrySetResult(new WorkerOutcome(WorkerEnd.NotJoined, search.Reasons, search.Step));
            }
            else
            {
                var learners = ActorRegistry.For(_node.System).Get<LeadershipActor>();
                _node.System.ActorOf(
                    Props.Create(() => new WorkerActor(settings, learners, _completion)), WorkerName);
                _node.Join(members.Where(member => member != _node.Address));
            }
        }
        catch (OperationCanceledException)
        {
            _completion.TrySetResult(new WorkerOutcome(WorkerEnd.Stopped, "stopped while it looked for the cluster"));
        }
        catch (Exception failed)
        {
            // No caller waits for this task.
            _completion.TrySetException(failed);
        }
    }

    private async Task<WorkerOutcome> CompleteAsync()
    {
        await Task.WhenAny(_completion.Task, _node.Departed).ConfigureAwait(false);
        if (_completion.Task.IsCompleted)
        {
            var outcome = await _completion.Task.ConfigureAwait(false);
            return outcome.End == WorkerEnd.Lost && !_node.IsMember ? NotLetIn() : outcome;
        }

        return await _node.Departed.ConfigureAwait(false) switch
        {
            Departure.Downed => new WorkerOutcome(WorkerEnd.Downed, "the cluster has declared this worker gone"),
            Departure.NotJoined => NotLetIn(),
            _ => new WorkerOutcome(WorkerEnd.Stopped, "the actor system has ended"),
        };
    }

    private WorkerOutcome NotLetIn() => new(
        WorkerEnd.NotJoined,
        $"a member answers, and does not let this process in: perhaps it cannot reach it at {Address} (--listen)",
        WorkerStep.Port);
}
