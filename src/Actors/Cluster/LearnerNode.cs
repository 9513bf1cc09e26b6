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

    private LearnerNode(ClusterNode node, Leadership leadership)
    {
        _node = node;
        _leadership = leadership;
        Completion = CompleteAsync();
    }

    /// <summary>Where it listens.</summary>
    public Endpoint Address => _node.Address;

    /// <inheritdoc/>
    public Task<RunOutcome> Completion { get; }

    /// <summary>Starts it and joins a cluster, or founds one.</summary>
    /// <param name="options">The process; its role is <see cref="ClusterRole.Learner"/>.</param>
    /// <param name="members">
    /// Where members may be found; null in the place of this process, which may found a cluster if it stands first.
    /// </param>
    /// <param name="leadership">What it does when it is its turn.</param>
    /// <exception cref="IOException">It cannot listen; one line.</exception>
    public static async Task<LearnerNode> StartAsync(
        ClusterNodeOptions options, IReadOnlyList<Endpoint?> members, Leadership leadership)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(members);
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

        node.Join(members.Select(member => member ?? node.Address).Distinct());
        return new LearnerNode(node, leadership);
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
    public ValueTask DisposeAsync() => _node.DisposeAsync();

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
