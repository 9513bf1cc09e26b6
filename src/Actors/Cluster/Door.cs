using System.Reflection;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using DotNetty.Transport.Channels;
using Google.Protobuf;

namespace Involute.Actors.Cluster;

/// <summary>
/// Puts a <see cref="Door"/> before the transport; Akka makes it by the setting <c>applied-adapters</c>.
/// </summary>
internal sealed class DoorProvider : ITransportAdapterProvider
{
    /// <inheritdoc/>
    public Transport Create(Transport wrappedTransport, ExtendedActorSystem system) =>
        new Door(wrappedTransport, system);
}

/// <summary>
/// The transport, with a bound on connections that have not introduced themselves (have shown no certificate, or have
/// not said who they are), and on how many messages one connection brings. Akka takes any number of both.
/// </summary>
/// <remarks>How long one may take is the transport's <c>connection-timeout</c>; Akka ends it then.</remarks>
internal sealed class Door : Transport
{
    private readonly Transport _inner;
    private readonly ILoggingAdapter _log;
    private readonly Newcomers _newcomers = new();

    public Door(Transport inner, ExtendedActorSystem system)
    {
        _inner = inner;
        System = system;
        Config = inner.Config;
        _log = Logging.GetLogger(system, typeof(Door));
    }

    /// <inheritdoc/>
    public override string SchemeIdentifier => _inner.SchemeIdentifier;

    /// <inheritdoc/>
    public override long MaximumPayloadBytes => _inner.MaximumPayloadBytes;

    /// <inheritdoc/>
    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var (address, below) = await _inner.Listen().ConfigureAwait(false);
        var above = new TaskCompletionSource<IAssociationEventListener>();
        _ = above.Task.ContinueWith(
            listener => below.TrySetResult(new Guard(this, listener.Result)),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return (address, above);
    }

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => _inner.IsResponsibleFor(remote);

    /// <inheritdoc/>
    public override Task<AssociationHandle> Associate(Address remoteAddress) => _inner.Associate(remoteAddress);

    /// <inheritdoc/>
    public override Task<bool> Shutdown() => _inner.Shutdown();

    /// <inheritdoc/>
    public override Task<bool> ManagementCommand(object message) => _inner.ManagementCommand(message);

    private void Let(AssociationHandle handle, IAssociationEventListener above)
    {
        var host = new Endpoint(handle.RemoteAddress.Host ?? string.Empty, 0).Host;
        if (_newcomers.TryEnter(host))
        {
            above.Notify(new InboundAssociation(new Entrance(this, handle, () => _newcomers.Leave(host))));
            return;
        }

        _log.Warning(
            "a connection with {0}:{1} is refused: {2}", host, handle.RemoteAddress.Port,
            $"{Newcomers.MostOfOne} others of it, or {Newcomers.Most} in all, have not said who they are yet");
        HangUp(handle);
    }

    // To end an association politely takes Akka two seconds, in which the connection stays. The channel behind the
    // handle is private; without it the polite way remains.
    private void HangUp(AssociationHandle handle)
    {
        var field = handle.GetType().GetField("_channel", BindingFlags.Instance | BindingFlags.NonPublic);
        if (field?.GetValue(handle) is IChannel channel)
        {
            _ = channel.CloseAsync();
        }
        else
        {
            handle.Disassociate("too many newcomers", _log);
        }
    }

    private void EndFlood(AssociationHandle handle)
    {
        _log.Warning(
            "a connection with {0}:{1} is refused: {2}", handle.RemoteAddress.Host, handle.RemoteAddress.Port,
            $"more than {FramePace.Most} messages within {FramePace.Window.TotalSeconds:0} s");
        HangUp(handle);
    }

    /// <summary>Hears of connections before Akka does.</summary>
    private sealed class Guard(Door door, IAssociationEventListener above) : IAssociationEventListener
    {
        public void Notify(IAssociationEvent ev)
        {
            if (ev is InboundAssociation inbound)
            {
                door.Let(inbound.Association, above);
            }
            else
            {
                above.Notify(ev);
            }
        }
    }

    /// <summary>A connection that counts as a newcomer until its first frame, or its end.</summary>
    private sealed class Entrance : AssociationHandle
    {
        private readonly Door _door;
        private readonly AssociationHandle _inner;
        private readonly FramePace _pace = new(TimeProvider.System);
        private Action? _leave;

        public Entrance(Door door, AssociationHandle inner, Action leave)
            : base(inner.LocalAddress, inner.RemoteAddress)
        {
            _door = door;
            _inner = inner;
            _leave = leave;
            _ = ReadHandlerSource.Task.ContinueWith(
                listener => inner.ReadHandlerSource.TrySetResult(new Listener(this, listener.Result)),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        public override bool Write(ByteString payload) => _inner.Write(payload);

        [Obsolete("Akka calls it by the other overload.")]
        public override void Disassociate()
        {
            Leave();
            _inner.Disassociate();
        }

        private void Leave() => Interlocked.Exchange(ref _leave, null)?.Invoke();

        private sealed class Listener(Entrance entrance, IHandleEventListener above) : IHandleEventListener
        {
            public void Notify(IHandleEvent ev)
            {
                if (Volatile.Read(ref entrance._leave) is not null && ev is InboundPayload or Disassociated)
                {
                    entrance.Leave();
                }

                // The end of a connection is no message: Akka must hear of it.
                switch (ev is InboundPayload ? entrance._pace.Take() : FramePace.Verdict.Pass)
                {
                    case FramePace.Verdict.Pass:
                        above.Notify(ev);
                        break;
                    case FramePace.Verdict.End:
                        entrance._door.EndFlood(entrance._inner);
                        break;
                    default:
                        break;
                }
            }
        }
    }
}
