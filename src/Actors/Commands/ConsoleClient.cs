using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;

namespace Involute.Commands;

/// <summary>A connection to the console of a node.</summary>
/// <remarks>For one user at a time: a command is over before the next is given.</remarks>
public sealed class ConsoleClient : IAsyncDisposable
{
    private readonly TcpClient _socket;
    private readonly Stream _stream;
    private readonly ServerFrame _hello;
    private readonly SemaphoreSlim _writing = new(1);
    private int _calls;

    private ConsoleClient(TcpClient socket, Stream stream, ServerFrame hello) =>
        (_socket, _stream, _hello) = (socket, stream, hello);

    /// <summary>What the node is called.</summary>
    public string Node => _hello.Node ?? "";

    /// <summary>Its run; null if it has none.</summary>
    public string? Run => _hello.Run;

    /// <summary>Its program and version.</summary>
    public string Program => _hello.Program ?? "";

    /// <summary>What it can be asked, as it says itself.</summary>
    public IReadOnlyList<Palette> Palettes => _hello.Palettes ?? [];

    /// <summary>Connects and greets.</summary>
    /// <param name="host">Where the node listens.</param>
    /// <param name="port">Its port.</param>
    /// <param name="user">Who gives the commands, for the node's record.</param>
    /// <param name="secure">Encrypts the connection; null to talk in the open.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SocketException">No process listens there.</exception>
    /// <exception cref="IOException">The connection was lost, or refused.</exception>
    /// <exception cref="AuthenticationException">One of the two does not know the other's certificate.</exception>
    /// <exception cref="InvalidDataException">Who listens there is no console, or speaks a newer protocol.</exception>
    public static async Task<ConsoleClient> ConnectAsync(
        string host, int port, string user, Func<Stream, CancellationToken, Task<Stream>>? secure = null,
        CancellationToken cancellation = default)
    {
        var socket = new TcpClient { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
            Stream stream = socket.GetStream();
            stream = secure is null ? stream : await secure(stream, cancellation).ConfigureAwait(false);
            await stream.WriteAsync(
                ConsoleFrames.Bytes(new ClientFrame
                {
                    Type = ClientFrame.Hello,
                    Protocol = ConsoleFrames.Protocol,
                    User = user,
                }),
                cancellation).ConfigureAwait(false);
            var hello = await ConsoleFrames.ReadServerAsync(stream, cancellation).ConfigureAwait(false)
                ?? throw new IOException("the node closed the connection");
            return hello switch
            {
                { Type: ServerFrame.Refused, Stranger: true } => throw new AuthenticationException(
                    $"the node does not let this client in: {hello.Text}"),
                { Type: ServerFrame.Refused } => throw new ConsoleFullException(hello.Text),
                { Type: not ServerFrame.Hello } => throw new InvalidDataException("what listens there is no console"),
                { Protocol: > ConsoleFrames.Protocol } => throw new InvalidDataException(
                    $"the node speaks version {hello.Protocol} of the console's protocol, this program {ConsoleFrames.Protocol}"),
                _ => new ConsoleClient(socket, stream, hello),
            };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Gives a command.</summary>
    /// <param name="words">Palette, command and arguments.</param>
    /// <param name="json">Whether the answer is for a program.</param>
    /// <param name="yes">Whether a command that changes something is confirmed.</param>
    /// <param name="cancellation">Ends a command that goes on; its last answer still comes.</param>
    /// <exception cref="IOException">The connection was lost.</exception>
    public async IAsyncEnumerable<CommandResponse> ExecuteAsync(
        IReadOnlyList<string> words, bool json = false, bool yes = false,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var id = ++_calls;
        await SendAsync(new ClientFrame { Type = ClientFrame.Run, Id = id, Words = words, Json = json, Yes = yes })
            .ConfigureAwait(false);
        await using var cancel = cancellation.Register(() => _ = CancelAsync(id));
        while (true)
        {
            var frame = await ConsoleFrames.ReadServerAsync(_stream, CancellationToken.None).ConfigureAwait(false)
                ?? throw new IOException("the node closed the connection");
            if (frame.Id != id || frame.Type != ServerFrame.Output)
            {
                continue;
            }

            yield return new CommandResponse(frame.Text ?? "", frame.Final, frame.Error);
            if (frame.Final)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        _socket.Dispose();
        _writing.Dispose();
    }

    // A cancellation may still be on its way when the next command is given: an encrypted stream takes one at a time.
    private async Task SendAsync(ClientFrame frame)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            await _stream.WriteAsync(ConsoleFrames.Bytes(frame), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task CancelAsync(int id)
    {
        try
        {
            await SendAsync(new ClientFrame { Type = ClientFrame.Cancel, Id = id }).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Who reads the answers is told that the connection is lost.
        }
    }
}
