using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Involute.Host.Tests.CommandLine;

/// <summary>
/// A TCP proxy before a PostgreSQL server that can be switched to another database, as one that follows a failover is: the
/// database's name in a connection's first message is replaced.
/// </summary>
internal sealed class PostgresProxy : IAsyncDisposable
{
    // https://www.postgresql.org/docs/15/protocol-message-formats.html: length, version 3.0, then names and values.
    private const int StartupVersion = 3 << 16;
    private const int HeaderBytes = 8;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _work = [];
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly string _name;
    private volatile string _database;

    /// <param name="connection">Of the database to which it leads at first.</param>
    public PostgresProxy(string connection)
    {
        _server = new NpgsqlConnectionStringBuilder(connection);
        _name = _database = _server.Database!;
        _listener.Start();
        _work.Add(AcceptAsync());
    }

    /// <summary>Connection string through the proxy.</summary>
    public string Connection => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>From now on new connections lead to another database.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="ends">Whether the connections that there are end.</param>
    public void SwitchTo(string database, bool ends)
    {
        _database = database;
        if (ends)
        {
            Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Close();
        Task[] work;
        lock (_gate)
        {
            work = [.. _work];
        }

        await Task.WhenAll(work);
        _end.Dispose();
    }

    private void Close()
    {
        lock (_gate)
        {
            _sockets.ForEach(socket => socket.Dispose());
            _sockets.Clear();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                lock (_gate)
                {
                    _work.Add(PassAsync(client));
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            lock (_gate)
            {
                _sockets.AddRange([client, server]);
            }

            try
            {
                await server.ConnectAsync(_server.Host!, _server.Port, _end.Token);
                await using var from = new NetworkStream(client);
                await using var to = new NetworkStream(server);
                await to.WriteAsync(await FirstMessageAsync(from), _end.Token);
                await Task.WhenAny(from.CopyToAsync(to, _end.Token), to.CopyToAsync(from, _end.Token));
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException or SocketException
                or ObjectDisposedException)
            {
                // One side has ended, or the proxy was switched: both sockets are closed.
            }
        }
    }

    private async Task<byte[]> FirstMessageAsync(NetworkStream client)
    {
        var header = new byte[HeaderBytes];
        await client.ReadExactlyAsync(header, _end.Token);
        var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(header) - HeaderBytes];
        await client.ReadExactlyAsync(rest, _end.Token);
        if (BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)) != StartupVersion)
        {
            // A request to cancel has no database.
            return [.. header, .. rest];
        }

        var (asked, given) = ($"\0database\0{_name}\0", $"\0database\0{_database}\0");
        var text = $"\0{Encoding.UTF8.GetString(rest)}".Replace(asked, given, StringComparison.Ordinal);
        rest = Encoding.UTF8.GetBytes(text[1..]);
        BinaryPrimitives.WriteInt32BigEndian(header, HeaderBytes + rest.Length);
        return [.. header, .. rest];
    }
}
