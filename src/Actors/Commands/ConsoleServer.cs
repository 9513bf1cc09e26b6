using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;

namespace Involute.Commands;

/// <summary>Listens for clients of a node's console, and bounds what they cost.</summary>
public sealed class ConsoleServer : IAsyncDisposable
{
    // The system keeps these for a moment, before they are taken.
    private const int Backlog = 64;

    private static readonly byte[] Full = ConsoleFrames.Bytes(new ServerFrame
    {
        Type = ServerFrame.Refused,
        Protocol = ConsoleFrames.Protocol,
        Text = "this console has as many connections as it allows",
    });

    private readonly ConsoleServerOptions _options;
    private readonly TcpListener _listener;
    private readonly IActorRef _calls;
    private readonly SharedPace _pace;

    // The same for all clients, and long.
    private readonly byte[] _greeting;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<long, Task> _connections = new();
    private readonly Task _accepting;
    private long _number;
    private int _disposed;

    private ConsoleServer(TcpListener listener, ConsoleServerOptions options)
    {
        (_listener, _options) = (listener, options);
        _pace = new SharedPace(options.Limits.MostPerSecond, options.Limits.Burst, options.Time);
        _greeting = ConsoleFrames.Bytes(new ServerFrame
        {
            Type = ServerFrame.Hello,
            Protocol = ConsoleFrames.Protocol,
            Node = options.Node,
            Run = options.Run,
            Program = options.Program,
            Palettes = [.. options.Palettes.Select(it => it.Palette)],
        });

        // An actor system may have several runs, each with a console.
        _calls = options.System.ActorOf(
            Props.Create(() => new ConsoleActor()), string.Create(CultureInfo.InvariantCulture, $"console-{Address.Port}"));
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Connections that are open.</summary>
    internal int Connections => _connections.Count;

    /// <summary>Takes a place; clients may come from now on, and are answered when the server starts.</summary>
    /// <exception cref="SocketException">It is taken, or not this machine's.</exception>
    public static TcpListener Listen(IPEndPoint place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var listener = new TcpListener(place);
        listener.Start(Backlog);
        return listener;
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="listener">Its place, of which it takes care from now on.</param>
    /// <param name="options">What it offers.</param>
    public static ConsoleServer Start(TcpListener listener, ConsoleServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(options);
        return new ConsoleServer(listener, options);
    }

    /// <summary>Closes all connections, when what was asked is answered (<see cref="ConsoleLimits.Farewell"/>).</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _options.System.Stop(_calls);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // That client has gone again, or this process has no file descriptor left: the next may be well.
                await PauseAsync().ConfigureAwait(false);
                continue;
            }

            if (_connections.Count >= _options.Limits.MostConnections)
            {
                TurnAway(client);
                await PauseAsync().ConfigureAwait(false);
                continue;
            }

            var number = ++_number;
            var connection = new ConsoleConnection(_options, _calls, number, client, _pace, _greeting);
            var serving = connection.ServeAsync(_stop.Token);
            _connections[number] = serving;
            _ = serving.ContinueWith(
                _ => _connections.TryRemove(number, out var _), CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private Task PauseAsync() => Task.Delay(_options.Limits.Pace, _options.Time, _stop.Token);

    // What fits the socket's buffer, or nothing.
    private static void TurnAway(Socket client)
    {
        using (client)
        {
            client.Blocking = false;
            client.Send(Full, SocketFlags.None, out _);
        }
    }
}
