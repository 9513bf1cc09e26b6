using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Involute.Runs.Tests.Stores;

/// <summary>Something on a port of this machine that is no PostgreSQL server, or hardly one.</summary>
internal sealed class PretendServer : IAsyncDisposable
{
    private static readonly int[] EncryptionRequests = [80877103, 80877104];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly byte[][] _answers;
    private readonly Task _serving;

    /// <param name="answers">
    /// What it answers to the start message and to each message after that, none of which it reads; then it hangs up.
    /// </param>
    public PretendServer(params byte[][] answers)
    {
        _answers = answers;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Connection => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={((IPEndPoint)_listener.LocalEndpoint).Port};Username=u");

    public static byte[] Message(char type, params byte[] body)
    {
        var message = new byte[body.Length + 5];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + sizeof(int));
        body.CopyTo(message, 5);
        return message;
    }

    /// <summary>The server has accepted the user, and says which version it is; no version for null.</summary>
    public static byte[] Accepted(string? version) =>
    [
        .. Message('R', 0, 0, 0, 0),
        .. version is null ? [] : Message('S', [.. "server_version\0"u8, .. Encoding.UTF8.GetBytes(version), 0]),
        .. Message('K', 0, 0, 0, 1, 0, 0, 0, 2),
        .. Message('Z', (byte)'I'),
    ];

    public static byte[] Error(string state, string text) =>
        Message('E', [.. Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C{state}\0M{text}\0"), 0]);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await AnswerAsync(client.GetStream());
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The client has seen enough, or the test has.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var heard = new byte[65536];
        foreach (var answer in _answers)
        {
            while (true)
            {
                var count = await stream.ReadAsync(heard, _end.Token);
                if (count == 0)
                {
                    return;
                }

                if (count != 8 || !EncryptionRequests.Contains(BinaryPrimitives.ReadInt32BigEndian(heard.AsSpan(4))))
                {
                    break;
                }

                await stream.WriteAsync("N"u8.ToArray(), _end.Token);
            }

            await stream.WriteAsync(answer, _end.Token);
        }
    }
}
