using Akka;
using Akka.Actor;
using Akka.Event;
using ClusterExtension = Akka.Cluster.Cluster;

namespace Involute.Actors.Cluster;

/// <summary>Why this process's actor system ends, and that it does not for one connection.</summary>
/// <remarks>
/// Akka ends the whole system when one outbound TLS handshake fails: a program on the port of a member that has died
/// would end the learner, and with it the run. Such an end is held back in its first phase, in which nothing has
/// happened yet; it goes on when there is a reason of the cluster's or of ours. Akka runs a shutdown once only, so that
/// all reasons come through here.
/// </remarks>
internal sealed class ShutdownGate : IExtension
{
    // Of Akka.Remote's internal TlsHandshakeFailureReason.
    private const int TlsHandshakeFailed = 79;
    private static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(60);

    private readonly CoordinatedShutdown _shutdown;
    private readonly TimeSpan _joinPatience;
    private readonly ILoggingAdapter _log;
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CoordinatedShutdown.Reason> _wanted =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ShutdownGate(ActorSystem system)
    {
        var cluster = ClusterExtension.Get(system);
        _log = Logging.GetLogger(system, typeof(ShutdownGate));
        _joinPatience = cluster.Settings.ShutdownAfterUnsuccessfulJoinSeedNodes ?? JoinPatience;
        cluster.RegisterOnMemberUp(() => _up.TrySetResult());
        cluster.RegisterOnMemberRemoved(() => _wanted.TrySetResult(CoordinatedShutdown.ClusterDowningReason.Instance));
        _shutdown = CoordinatedShutdown.Get(system);
        _shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "unsecured-connection", HoldAsync);
    }

    /// <summary>Why it ends or has ended; null while it does not.</summary>
    public CoordinatedShutdown.Reason? Reason =>
        _shutdown.ShutdownReason is not { ExitCode: TlsHandshakeFailed } ? _shutdown.ShutdownReason
        : _wanted.Task.IsCompletedSuccessfully ? _wanted.Task.Result
        : null;

    /// <summary>That of an actor system.</summary>
    public static ShutdownGate Of(ActorSystem system) => system.WithExtension<ShutdownGate, Provider>();

    /// <summary>Ends the actor system.</summary>
    public Task Run(CoordinatedShutdown.Reason reason)
    {
        Allow(reason);
        return _shutdown.Run(reason);
    }

    /// <summary>Lets an end that is held back go on, for a reason of ours.</summary>
    public void Allow(CoordinatedShutdown.Reason reason) => _wanted.TrySetResult(reason);

    private async Task<Done> HoldAsync()
    {
        if (_shutdown.ShutdownReason is { ExitCode: TlsHandshakeFailed })
        {
            _log.Warning("a process at a (former) member's address does not prove that it belongs to the cluster");
            await Task.WhenAny(_up.Task, _wanted.Task, Task.Delay(_joinPatience, TimeProvider.System))
                .ConfigureAwait(false);
            if (!_up.Task.IsCompleted)
            {
                Allow(CoordinatedShutdown.ClusterJoinUnsuccessfulReason.Instance);
            }

            await _wanted.Task.ConfigureAwait(false);
        }

        return Done.Instance;
    }

    private sealed class Provider : ExtensionIdProvider<ShutdownGate>
    {
        public override ShutdownGate CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
