using Akka.Actor;
using Akka.Cluster.Hosting;
using Involute.Runs;

namespace Involute.Actors.Cluster;

/// <summary>A process that leads a run of the cluster, or stands by to.</summary>
internal sealed class LearnerNode : ITrainingRun
{
    /// <summary>Name of the singleton, and of the actor that keeps it.</summary>
    internal const string SingletonName = "learner";

    private readonly ClusterNode _node;
    private readonly Leadership _leadership;

    private readonly CancellationTokenSource _stop = new();

    private LearnerNode(ClusterNode node, Leadership leadership)
    {
        _node = node;
        _leadership = leadership;
        Completion = CompleteAsync();
    }

    /// <summary>Its actor system.</summary>
    public ActorSystem System => _node.System;

    /// <summary>Whether a cluster has let it in.</summary>
    public bool IsMember => _node.IsMember;

    /// <summary>Where it listens.</summary>
    public Endpoint Address => _node.Address;

    /// <inheritdoc/>
    public Task<RunOutcome> Completion { get; }

    /// <summary>Starts it and joins a cluster, or founds one.</summary>
    /// <param name="options">The process; its role is <see cref="ClusterRole.Learner"/>.</param>
    /// <param name="join">
    /// Where a person says that members may be found; this process may found a cluster if it is first among them. Empty
    /// to found one.
    /// </param>
    /// <param name="former">Names of members of last time; only without <paramref name="join"/>.</param>
    /// <param name="leadership">What it does when it is its turn.</param>
    /// <exception cref="IOException">It cannot listen; one line.</exception>
    public static async Task<LearnerNode> StartAsync(
        ClusterNodeOptions options, IReadOnlyList<Endpoint> join, IReadOnlyList<Endpoint> former,
        Leadership leadership)
    {
        ArgumentNullException.ThrowIfNull(options);
        var singleton = new ClusterSingletonOptions
        {
            Role = ClusterRole.Learner,
            TerminationMessage = LeadershipActor.EndLeadership.Instance,
        };
        var node = await ClusterNode.StartAsync(
            options,
            akka => akka.WithSingleton<LeadershipActor>(
                SingletonName, LeadershipActor.CreateProps(leadership), singleton, createProxyToo: false))
            .ConfigureAwait(false);
        if (leadership.ClaimRun is null)
        {
            var cluster = Akka.Cluster.Cluster.Get(node.System);
            cluster.RegisterOnMemberUp(() => GiveWay(cluster, leadership));
        }

        var learner = new LearnerNode(node, leadership);
        if (join.Count == 0)
        {
            node.Join(former.Prepend(node.Address).Distinct());
        }
        else
        {
            _ = learner.JoinAsync(new MemberSearch(join, node.Address, options.Encryption, leadership.Observer.Warned));
        }

        return learner;
    }

    private async Task JoinAsync(MemberSearch search)
    {
        try
        {
            var members = await search.FindAsync(_node.JoinPatience, _stop.Token).ConfigureAwait(false);
            if ((search.Unreachable ?? (members.Count == 0 ? search.Reasons : null)) is { } reason)
            {
                var untrusted = search is { Unreachable: null, Step: WorkerStep.Certificate };
                _leadership.Completion.TrySetResult(
                    Ended(untrusted ? RunStatus.NotTrusted : RunStatus.NotJoined, reason));
            }
            else
            {
                _node.Join(members.Distinct());
            }
        }
        catch (OperationCanceledException)
        {
            _leadership.AskToStop();
        }
        catch (Exception failed)
        {
            // No caller waits for this task.
            _leadership.Completion.TrySetException(failed);
        }
    }

    // A process that has its run already would have to wait for the other learner to end, and would then lead its
    // workers.
    private static void GiveWay(Akka.Cluster.Cluster cluster, Leadership leadership)
    {
        var older = cluster.State.Members.FirstOrDefault(
            member => member.HasRole(ClusterRole.Learner) && member.IsOlderThan(cluster.SelfMember));
        if (older is not null)
        {
            leadership.Completion.TrySetResult(Ended(
                RunStatus.Held,
                $"{Endpoint.Of(older.Address)} is a learner of the cluster that this process joined: another run needs "
                + "another cluster (no --join, and no nodes.json of an earlier one); a standby of that run needs "
                + "--resume and --join"));
        }
    }

    /// <inheritdoc/>
    public void RequestStop() => _leadership.AskToStop();

    /// <summary>
    /// Leaves the cluster: a run that is not at its end goes on with another learner, if there is one.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _node.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<RunOutcome> CompleteAsync()
    {
        await Task.WhenAny(_leadership.Completion.Task, _node.Departed).ConfigureAwait(false);
        return _node.End.Reason switch
        {
            CoordinatedShutdown.ClusterDowningReason => Ended(
                RunStatus.Downed, "the cluster has declared this learner gone; 'involute learner --resume' goes on"),
            CoordinatedShutdown.ClusterJoinUnsuccessfulReason => Ended(
                RunStatus.NotJoined, "no member of the cluster answers and accepts this process"),
            _ when _leadership.Completion.Task.IsCompleted => await _leadership.Completion.Task.ConfigureAwait(false),
            _ => Ended(RunStatus.Interrupted, "the actor system has ended"),
        };
    }

    private static RunOutcome Ended(RunStatus status, string message) => new(status, null, double.NaN, 0, message);
}
