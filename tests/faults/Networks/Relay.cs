using System.Net;
using System.Net.Sockets;

namespace Involute.Faults.Networks;

/// <summary>The relay of one process in a <see cref="CutNetwork"/>: forwards connections to the process.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private const int ChunkBytes = 1 << 16;

    private readonly CutNetwork _network;
    private readonly CancellationToken _end;
    private readonly TcpListener _listener;
    private readonly Lock _gate = new();
    private readonly List<Task> _work = [];

    internal Relay(CutNetwork network, CancellationToken end)
    {
        _network = network;
        _end = end;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        Socket = Ports.Free();
        Add(AcceptAsync());
    }

    /// <summary>The address at which others reach the process.</summary>
    public string Address { get; }

    /// <summary>The address of the process's own socket.</summary>
    public string Socket { get; }

    /// <summary>The arguments that place a process behind this relay.</summary>
    public string[] Arguments => ["--listen", Address, "--bind", Socket];

    /// <summary>The process, once it is started.</summary>
    public SupervisedProcess? Process { get; set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Task[] work;
        lock (_gate)
        {
            work = [.. _work];
        }

        await Task.WhenAll(work);
    }

    private void Add(Task work)
    {
        lock (_gate)
        {
            _work.Add(work);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Add(PassAsync(await _listener.AcceptSocketAsync(_end)));
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the scenario.
        }
    }

    private async Task PassAsync(Socket inside)
    {
        using var caller = inside;
        using var callee = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            var from = _network.Caller(((IPEndPoint)caller.RemoteEndPoint!).Port);
            await _network.PassAsync(from, this);
            await callee.ConnectAsync(IPEndPoint.Parse(Socket), _end);
            await Task.WhenAll(PumpAsync(caller, callee, from), PumpAsync(callee, caller, from));
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException)
        {
            // Nobody listens there (now), or one side has closed the connection: both sockets are closed, and both
            // processes notice.
        }
    }

    private async Task PumpAsync(Socket source, Socket target, Relay? caller)
    {
        var chunk = new byte[ChunkBytes];
        int count;
        do
        {
            count = await source.ReceiveAsync(chunk, _end);
            await _network.PassAsync(caller, this);
            for (var sent = 0; sent < count;)
            {
                sent += await target.SendAsync(chunk.AsMemory(sent, count - sent), _end);
            }
        }
        while (count > 0);
        target.Shutdown(SocketShutdown.Send);
    }
}
