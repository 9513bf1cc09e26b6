using System.Net.Sockets;
using Involute.Commands;
using Xunit;

namespace Involute.Actors.Tests.Commands;

/// <summary>What clients may cost: connections, waiting answers, silence.</summary>
public sealed class ConsoleLimitsTests
{
    [Fact]
    public async Task Of_a_thousand_connections_most_are_turned_away_and_the_console_answers_again_when_they_are_gone()
    {
        await using var console = new TestConsole(new ConsoleLimits { MostConnections = 8, Pace = TimeSpan.FromMilliseconds(0.1) });
        var sockets = new List<TcpClient>();
        for (var i = 0; i < 1000; i++)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", console.Server.Address.Port, TestContext.Current.CancellationToken);
            sockets.Add(socket);
        }

        // Those that were turned away have been told so, which is the end of what they read.
        var buffer = new byte[4096];
        Assert.True(await sockets[^1].GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken) > 0);
        Assert.InRange(console.Server.Connections, 0, 8);
        sockets.ForEach(socket => socket.Dispose());
        await GoneAsync(console);
        await using var client = await console.ConnectAsync();
        Assert.Equal(("well", false), await TestConsole.AskAsync(client, "test say well"));
    }

    [Fact]
    public async Task Who_comes_when_it_is_full_is_told_so()
    {
        await using var console = new TestConsole(new ConsoleLimits { MostConnections = 1 });
        await using var first = await console.ConnectAsync();
        var full = await Assert.ThrowsAnyAsync<IOException>(() => console.ConnectAsync());
        Assert.Equal("this console has as many connections as it allows", full.Message);
        Assert.Equal(("well", false), await TestConsole.AskAsync(first, "test say well"));
    }

    [Fact]
    public async Task Of_a_client_that_does_not_read_lines_are_left_out_and_counted()
    {
        var queue = new ResponseQueue(100_000);
        for (var line = 0; line < 10_000; line++)
        {
            queue.Offer(1, CommandResponse.Lines(new string('x', 1000)));
        }

        Assert.InRange(queue.Bytes, 90_000, 100_000);
        queue.Offer(1, CommandResponse.Done);
        Assert.InRange(queue.Bytes, 90_000, 101_000);
        Assert.False(queue.RoomAsync(TestContext.Current.CancellationToken).IsCompleted);
        List<string> frames = [];
        queue.Complete();
        await foreach (var frame in queue.TakeAsync(TestContext.Current.CancellationToken))
        {
            queue.Sent(frame);
            frames.Add(System.Text.Encoding.UTF8.GetString(frame));
        }

        Assert.True(queue.RoomAsync(TestContext.Current.CancellationToken).IsCompleted);
        Assert.Contains(
            $"({10_000 - (frames.Count - 2)} pieces of the answer are left out", frames[^2], StringComparison.Ordinal);
        Assert.Contains("\"final\":true", frames[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_never_reads_is_closed_and_costs_no_more_than_is_allowed()
    {
        await using var console = new TestConsole(new ConsoleLimits { Unread = TimeSpan.FromMilliseconds(100) });
        using var socket = await GreetedAsync(console);
        for (var call = 1; call <= 8; call++)
        {
            await SendAsync(socket, new ClientFrame
            {
                Type = ClientFrame.Run,
                Id = call,
                Words = ["test", "flood", "100000"],
            });
        }

        await GoneAsync(console);
    }

    [Fact]
    public async Task Who_does_not_greet_is_closed()
    {
        await using var console = new TestConsole(new ConsoleLimits { Greeting = TimeSpan.FromMilliseconds(100) });
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", console.Server.Address.Port, TestContext.Current.CancellationToken);
        var read = await socket.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken);
        Assert.Equal(0, read);
        await GoneAsync(console);
    }

    [Fact]
    public async Task So_many_commands_of_a_connection_are_carried_out_at_once()
    {
        await using var console = new TestConsole(new ConsoleLimits { MostCalls = 1 });
        using var socket = await GreetedAsync(console);
        await SendAsync(socket, new ClientFrame { Type = ClientFrame.Run, Id = 1, Words = ["test", "tail"] });
        await SendAsync(socket, new ClientFrame { Type = ClientFrame.Run, Id = 2, Words = ["test", "say", "x"] });
        while (await ConsoleFrames.ReadServerAsync(socket.GetStream(), TestContext.Current.CancellationToken) is { } frame)
        {
            if (frame.Id == 2)
            {
                Assert.True(frame is { Final: true, Error: true });
                Assert.StartsWith("1 commands of this connection are being carried out", frame.Text, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail("the second command was not answered");
    }

    [Fact]
    public async Task A_client_that_gives_each_command_the_same_number_does_not_stop_the_console()
    {
        await using var console = new TestConsole(new ConsoleLimits { Pace = TimeSpan.Zero, MostPerSecond = 100_000 });
        using var socket = await GreetedAsync(console);
        for (var i = 0; i < 500; i++)
        {
            await SendAsync(socket, new ClientFrame { Type = ClientFrame.Run, Id = 7, Words = ["test", "say", "x"] });
            while (await ConsoleFrames.ReadServerAsync(socket.GetStream(), TestContext.Current.CancellationToken)
                is not { Final: true })
            {
                // The greeting, or a piece of an answer.
            }
        }

        await using var client = await console.ConnectAsync();
        Assert.Equal(("well", false), await TestConsole.AskAsync(client, "test say well"));
    }

    private static async Task<TcpClient> GreetedAsync(TestConsole console)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", console.Server.Address.Port, TestContext.Current.CancellationToken);
        await SendAsync(socket, new ClientFrame { Type = ClientFrame.Hello, Protocol = 1, User = "tester" });
        return socket;
    }

    private static async Task SendAsync(TcpClient socket, ClientFrame frame) => await socket.GetStream().WriteAsync(
        ConsoleFrames.Bytes(frame), TestContext.Current.CancellationToken);

    private static async Task GoneAsync(TestConsole console)
    {
        while (console.Server.Connections > 0)
        {
            await Task.Yield();
        }
    }
}
