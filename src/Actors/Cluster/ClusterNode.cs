using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Involute.Actors.Local;
using Involute.Runs;
using ClusterExtension = Akka.Cluster.Cluster;

namespace Involute.Actors.Cluster;

/// <summary>Why an actor system has ended without having been told to by its process.</summary>
internal enum Departure
{
    /// <summary>The cluster has declared it gone.</summary>
    Downed,

    /// <summary>No member answered where the cluster should be.</summary>
    NotJoined,

    /// <summary>It has left.</summary>
    Left,
}

/// <summary>What a member of the cluster needs to start.</summary>
/// <param name="Listen">Where it listens, as others reach it.</param>
/// <param name="Role"><see cref="ClusterRole"/>.</param>
/// <param name="Threads">Compute threads, at least 1.</param>
/// <param name="StorageHocon">Akka settings of its store; may be empty.</param>
/// <param name="AkkaHocon">The user's own akka settings; may be empty.</param>
/// <param name="Encryption">Certificates; null to talk in the open.</param>
internal sealed record ClusterNodeOptions(
    Endpoint Listen, string Role, int Threads, string StorageHocon, string AkkaHocon, Encryption? Encryption)
{
    /// <summary>Where its socket is; null if others reach it there.</summary>
    public Endpoint? Bind { get; init; }

    /// <summary>What the others are told of its console (<see cref="PlaceRole.Console"/>); null if it has none.</summary>
    public string? ConsoleRole { get; init; }

    /// <summary>What the others are told of where it serves HTTP (<see cref="PlaceRole.Web"/>); null for nowhere.</summary>
    public string? WebRole { get; init; }

    /// <summary>Bytes of one theta, if this process knows: a learner is more patient when it is large.</summary>
    public long ThetaBytes { get; init; }
}

/// <summary>This process's actor system as a member of the cluster.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private readonly ActorSystemHost _host;

    private ClusterNode(ActorSystemHost host)
    {
        _host = host;
        System = host.System;
        End = ShutdownGate.Of(System);
        Departed = WatchAsync();
    }

    public ActorSystem System { get; }

    /// <summary>Why it ends.</summary>
    public ShutdownGate End { get; }

    /// <summary>Completes when the actor system has ended, for any reason.</summary>
    public Task<Departure> Departed { get; }

    /// <summary>Where it listens, with the port that was free if none was asked for.</summary>
    public Endpoint Address => Endpoint.Of(ClusterExtension.Get(System).SelfAddress);

    /// <summary>Starts the actor system; it belongs to no cluster yet.</summary>
    /// <exception cref="IOException">It cannot listen there; one line.</exception>
    public static async Task<ClusterNode> StartAsync(
        ClusterNodeOptions options, Action<AkkaConfigurationBuilder> actors)
    {
        var socket = options.Bind ?? options.Listen;
        var overIPv6 = ListeningPlace.Require(socket).AddressFamily == AddressFamily.InterNetworkV6;
        try
        {
            return new ClusterNode(await ActorSystemHost.StartAsync(Config(options, overIPv6), akka =>
            {
                akka.WithClustering(new ClusterOptions
                {
                    Roles = [.. new[] { options.Role, options.ConsoleRole, options.WebRole }.OfType<string>()],
                });
                if (options.Encryption is { } encryption)
                {
                    akka.AddSetup(encryption.ToSetup());
                }

                actors(akka);
            }).ConfigureAwait(false));
        }
        catch (Exception failed) when (failed.Innermost() is SocketException refused)
        {
            throw ListeningPlace.Refused(socket, refused);
        }
    }

    /// <summary>Whether a cluster has let it in.</summary>
    public bool IsMember => ClusterExtension.Get(System).SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp;

    /// <summary>How long it looks for a cluster before it gives up.</summary>
    public TimeSpan JoinPatience =>
        ClusterExtension.Get(System).Settings.ShutdownAfterUnsuccessfulJoinSeedNodes ?? TimeSpan.FromSeconds(60);

    /// <summary>
    /// Joins the cluster of the first member that answers; this node may found one if it stands first.
    /// </summary>
    public void Join(IEnumerable<Endpoint> members)
    {
        var cluster = ClusterExtension.Get(System);
        cluster.JoinSeedNodes([.. members.Select(member => member.ToAddress(cluster.SelfAddress.Protocol))]);
    }

    /// <summary>Leaves the cluster, if it is in one, and ends the actor system.</summary>
    public async ValueTask DisposeAsync()
    {
        End.Allow(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        await _host.DisposeAsync().ConfigureAwait(false);
    }

    private static Config Config(ClusterNodeOptions options, bool overIPv6) =>
        RunHocon.CreateCluster(
            ClusterHocon.Must(options.Encryption is not null)
                + ClusterHocon.Listen(options.Listen, options.Bind, overIPv6),
            options.Threads,
            options.StorageHocon,
            options.AkkaHocon,
            ClusterHocon.DefaultsFor(options.ThetaBytes));

    private async Task<Departure> WatchAsync()
    {
        await System.WhenTerminated.ConfigureAwait(false);
        return End.Reason switch
        {
            CoordinatedShutdown.ClusterDowningReason => Departure.Downed,
            CoordinatedShutdown.ClusterJoinUnsuccessfulReason => Departure.NotJoined,
            _ => Departure.Left,
        };
    }
}
