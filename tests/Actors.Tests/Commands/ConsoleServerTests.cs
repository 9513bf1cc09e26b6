using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Involute.Actors.Tests.Commands;

/// <summary>Clients of a console: those that behave, and those that do not.</summary>
public sealed class ConsoleServerTests : IAsyncDisposable
{
    private readonly TestConsole _console = new();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_client_learns_the_palettes_and_is_answered()
    {
        await using var client = await _console.ConnectAsync();
        Assert.Equal(("first", "node", "involute test"), (client.Run, client.Node, client.Program));
        Assert.Equal(["say", "flood", "change", "throw", "silent", "late", "tail"], client.Palettes[0].Commands.Select(it => it.Name));
        Assert.Equal(("Change?", true), (client.Palettes[0].Commands[2].Question, client.Palettes[0].Commands[2].Changes));
        Assert.Equal(("hello world", false), await TestConsole.AskAsync(client, "test say 'hello world'"));
        Assert.Equal(("again", false), await TestConsole.AskAsync(client, "test say again"));
    }

    [Fact]
    public async Task A_long_answer_comes_whole_and_in_order()
    {
        await using var client = await _console.ConnectAsync();
        var (text, failed) = await TestConsole.AskAsync(client, "test flood 900");
        Assert.Equal((900, false), (text.Split('\n').Length, failed));
    }

    [Theory]
    [InlineData("nosuch", "unknown palette 'nosuch'; allowed: test")]
    [InlineData("test flood x", "LINES x: allowed: a whole number from 1 to 1000000")]
    [InlineData("test throw", "a bug in the command: InvalidOperationException: no way")]
    [InlineData("test silent", "no answer within 1 s: the node may be busy or waiting for its store")]
    [InlineData("test change", "'test change' changes something; allowed: with --yes")]
    public async Task A_command_that_cannot_be_done_ends_with_one_line(string line, string expected)
    {
        await using var client = await _console.ConnectAsync();
        Assert.Equal((expected, true), await TestConsole.AskAsync(client, line));
        Assert.Equal(("still there", false), await TestConsole.AskAsync(client, "test say 'still there'"));
    }

    [Fact]
    public async Task A_change_is_written_down_with_who_has_made_it()
    {
        await using var client = await _console.ConnectAsync();
        Assert.Equal(("changed by tester", false), await TestConsole.AskAsync(client, "test change", yes: true));
        Assert.StartsWith("test change: by tester from 127.0.0.1:", Assert.Single(_console.Recorded), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_ends_when_it_is_cancelled()
    {
        await using var client = await _console.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        List<(string, bool, bool)> answers = [];
        await foreach (var answer in client.ExecuteAsync(["test", "tail"], cancellation: cancellation.Token))
        {
            // What is on its way when a call is cancelled may be lost: only when it is here, the call is.
            answers.Add((answer.Text, answer.IsFinal, answer.IsError));
            await cancellation.CancelAsync();
        }

        Assert.Equal([("first line", false, false), ("", true, false)], answers);
        await _console.Tailing.Stopped.Task;
        Assert.Equal(("next", false), await TestConsole.AskAsync(client, "test say next"));
    }

    [Fact]
    public async Task A_node_that_ends_answers_first_what_it_was_asked_and_ends_streams()
    {
        await using var client = await _console.ConnectAsync();
        await using var other = await _console.ConnectAsync();
        var (asked, watched) = (TestConsole.AskAsync(client, "test late"), TestConsole.AskAsync(other, "test tail"));
        await _console.Late.Begun.Task;
        await _console.Tailing.Begun.Task;
        var ending = _console.Server.DisposeAsync();
        _console.Late.Answer.SetResult("the last word");
        await ending;
        Assert.Equal(("the last word", false), await asked);
        await Assert.ThrowsAsync<IOException>(() => watched);
        await _console.Tailing.Stopped.Task;
    }

    [Fact]
    public async Task A_stream_ends_when_its_client_goes()
    {
        var client = await _console.ConnectAsync();
        await using (var answers = client.ExecuteAsync(
            ["test", "tail"], cancellation: TestContext.Current.CancellationToken).GetAsyncEnumerator(
            TestContext.Current.CancellationToken))
        {
            Assert.True(await answers.MoveNextAsync());
        }

        await client.DisposeAsync();
        await _console.Tailing.Stopped.Task;
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\0\0\0\u0005hello")]
    [InlineData("\0\0\0\u0002{}")]
    [InlineData("\0\0\0\u0002[]")]
    [InlineData("\0\0\0\0")]
    [InlineData("\u007f\u007f\u007f\u007f")]
    [InlineData("\0\0\u0010\0{")]
    public async Task Who_speaks_something_else_is_sent_away(string garbage)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _console.Server.Address.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(
            Encoding.Latin1.GetBytes(garbage), TestContext.Current.CancellationToken);
        Assert.Equal(0, await ReadAllAsync(socket));
        await using var client = await _console.ConnectAsync();
        Assert.Equal(("well", false), await TestConsole.AskAsync(client, "test say well"));
    }

    [Fact]
    public async Task Random_bytes_end_a_connection_and_nothing_else()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", _console.Server.Address.Port, TestContext.Current.CancellationToken);
            var bytes = System.Security.Cryptography.SHA512.HashData([(byte)seed]);
            await socket.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
            await ReadAllAsync(socket);
        }

        await using var client = await _console.ConnectAsync();
        Assert.Equal(("well", false), await TestConsole.AskAsync(client, "test say well"));
    }

    private static async Task<int> ReadAllAsync(TcpClient socket)
    {
        var (buffer, total) = (new byte[256], 0);
        var stream = socket.GetStream();
        try
        {
            socket.Client.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
            {
                total += read;
            }
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            // Bytes that were not read make the system reset the connection, which is an end, too.
            return total;
        }

        return total;
    }
}
