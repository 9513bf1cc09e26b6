using Akka.Event;
using Involute.Actors.Learning;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Learning;

public sealed class StrangerLogTests
{
    private readonly ManualTime _time = new();
    private readonly StrangerLog _log;

    public StrangerLogTests() => _log = new StrangerLog(_time);

    [Fact]
    public void A_stranger_is_told_of_once_and_then_counted_each_minute()
    {
        List<string> lines = [];
        for (var connection = 0; connection < 1800; connection++)
        {
            lines.AddRange(Lines(Refused("10.0.0.7", 40_000 + connection)));
        }

        Assert.Equal(["a connection with 10.0.0.7 is refused: its certificate F00D is not accepted"], lines);
        Assert.Empty(_log.Due());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["1799 more connections with 10.0.0.7 were refused within a minute"], _log.Due());
        Assert.Empty(_log.Due());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_log.Due());

        // One that was quiet for a minute is told of anew.
        Assert.Single(Lines(Refused("10.0.0.7", 1)));
    }

    [Fact]
    public void Lines_of_several_connections_that_come_mixed_count_each_once()
    {
        List<string> lines = [];
        foreach (var line in Enumerable.Range(0, 3))
        {
            for (var port = 1; port <= 10; port++)
            {
                lines.AddRange(Lines(Refused("10.0.0.7", port)[line]));
            }
        }

        Assert.Single(lines);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["9 more connections with 10.0.0.7 were refused within a minute"], _log.Due());
    }

    [Fact]
    public void Each_stranger_has_its_own_line_until_there_are_too_many()
    {
        var lines = Enumerable.Range(0, 5000)
            .SelectMany(i => Lines(Refused($"10.0.{i / 250}.{i % 250}", 50_000 + i)))
            .ToList();

        Assert.Equal(65, lines.Count);
        Assert.StartsWith("a connection with other addresses is refused", lines[^1], StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_log.Due());
    }

    [Theory]
    [InlineData(
        "TcpServerHandler (akka://involute)",
        "Error caught channel [[::ffff:127.0.0.1]:24053->[::ffff:10.0.0.7]:47152](Id=552e551e)", "too long",
        "a connection with 10.0.0.7 is refused: too long")]
    [InlineData(
        "TcpClientHandler (akka://involute)",
        "TLS handshake failed on channel [[::1]:24053->[2001:db8::7]:1](Id=5)\nmore", "no\nTLS",
        "a connection with 2001:db8::7 is refused: no TLS")]
    [InlineData(
        "TcpTransport (akka://involute)", "a connection with akka.ssl.tcp://involute@node-7:4053 is refused: why", null,
        "a connection with node-7 is refused: why")]
    [InlineData(
        "Door (akka://involute)", "a connection with 10.0.0.7:4053 is refused: 32 others", null,
        "a connection with 10.0.0.7 is refused: 32 others")]
    [InlineData(
        "akka.ssl.tcp://involute@127.0.0.1:24055/system/transports/akkaprotocolmanager.ssl.tcp.0/"
            + "akkaProtocol-ssl.tcp%3A%2F%2Finvolute%40%5B%3A%3Affff%3A10.0.0.7%5D%3A41364-764",
        "No response from remote for inbound association.", null,
        "a connection with 10.0.0.7 is refused: No response from remote for inbound association.")]
    public void What_akka_says_of_a_connection_becomes_one_line(
        string source, string message, string? cause, string line)
    {
        var error = cause is null ? null : new AggregateException(new InvalidDataException(cause));
        Assert.Equal([line], Lines(new Error(error, source, GetType(), message)));
    }

    [Fact]
    public void What_a_stranger_sends_does_not_fill_the_line()
    {
        var cause = new InvalidDataException($"not TLS: \u001b[2J{new string('0', 5000)}");

        var line = Assert.Single(Lines(new Error(
            cause, "TcpServerHandler", GetType(), "Error caught channel [[::1]:1->[::1]:2](Id=1)")));

        Assert.DoesNotContain(line, char.IsControl);
        Assert.InRange(line.Length, 200, 260);
    }

    [Fact]
    public void Other_lines_are_left_to_others()
    {
        Assert.False(_log.TryTake(new Warning("remoting", GetType(), "a connection with 10.0.0.7:1 is slow"), out _));
        Assert.False(_log.TryTake(new Error(null, "TcpServerHandler", GetType(), "out of sockets"), out _));
    }

    private List<string> Lines(LogEvent logged)
    {
        Assert.True(_log.TryTake(logged, out var line));
        return line is null ? [] : [line];
    }

    // The three lines of one refused connection, of which the first has the reason.
    private List<string> Lines(IReadOnlyList<LogEvent> logged) => [.. logged.SelectMany(Lines)];

    private IReadOnlyList<LogEvent> Refused(string address, int port) =>
    [
        new Warning(
            "TcpTransport (akka://involute)", GetType(),
            $"a connection with [::ffff:{address}]:{port} is refused: its certificate F00D is not accepted"),
        new Error(
            new AggregateException("rejected"), "TcpServerHandler (akka://involute)", GetType(),
            $"TLS handshake failed on channel [[::ffff:127.0.0.1]:24055->[::ffff:{address}]:{port}](Id=6)\n  more"),
        new Warning(
            "TcpServerHandler (akka://involute)", GetType(),
            $"Rejected incoming connection from [[::ffff:{address}]:{port}] due to TLS handshake failure."),
    ];
}
