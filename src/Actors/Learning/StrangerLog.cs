using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Event;
using Involute.Runs;

namespace Involute.Actors.Learning;

/// <summary>
/// Refused connections as people can read them: for each address one line, and then at most one a minute with the
/// number of those since. Akka logs three lines for each, one with a stack trace.
/// </summary>
/// <param name="time">Says when a minute is over.</param>
internal sealed partial class StrangerLog(TimeProvider time)
{
    private const int MostAddresses = 64;
    private const int LongestReason = 200;
    private const string Unassociated = "/akkaprotocolmanager.";
    private const string Others = "other addresses";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly string[] Sources = ["TcpServerHandler", "TcpClientHandler", "TcpTransport", "Door"];

    private readonly Dictionary<string, Stranger> _strangers = [];

    /// <summary>Takes a log event about a connection; false if it is about something else.</summary>
    /// <param name="logged">The event.</param>
    /// <param name="line">The line to tell now; null if the stranger was told of within the last minute.</param>
    public bool TryTake(LogEvent logged, out string? line)
    {
        line = null;
        var text = logged.Message.ToString() ?? string.Empty;
        if (Connection(logged.LogSource, text) is not { Success: true } connection)
        {
            return false;
        }

        var address = connection.Groups["host"].Value.Trim('[', ']');
        address = address.Replace("::ffff:", string.Empty, StringComparison.Ordinal);
        address = _strangers.ContainsKey(address) || _strangers.Count < MostAddresses ? address : Others;
        if (!_strangers.TryGetValue(address, out var stranger))
        {
            _strangers[address] = stranger = new Stranger { Since = time.GetTimestamp() };
            line = $"a connection with {address} is refused: {Reason(text, logged.Cause)}";
        }

        // The lines of one connection name one port, and those of several come mixed.
        if (ushort.TryParse(connection.Groups["port"].ValueSpan, out var port) && !stranger.Ports[port])
        {
            stranger.Ports[port] = true;
            stranger.More += line is null ? 1 : 0;
        }

        return true;
    }

    /// <summary>The lines of minutes that are over.</summary>
    public IReadOnlyList<string> Due()
    {
        List<string> lines = [];
        foreach (var (address, stranger) in _strangers.ToList())
        {
            if (time.GetElapsedTime(stranger.Since) < Interval)
            {
                continue;
            }

            if (stranger.More == 0)
            {
                _strangers.Remove(address);
                continue;
            }

            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{stranger.More} more connections with {address} were refused within a minute"));
            (stranger.More, stranger.Since) = (0, time.GetTimestamp());
            stranger.Ports.SetAll(false);
        }

        return lines;
    }

    // Of a connection that says nothing, only the name of its actor tells whose it is.
    private static Match? Connection(string source, string text) =>
        Array.Exists(Sources, it => source.StartsWith(it, StringComparison.Ordinal)) ? Remote().Match(text)
        : source.Contains(Unassociated, StringComparison.Ordinal) ? Actor().Match(Uri.UnescapeDataString(source))
        : null;

    private static string Reason(string text, Exception? cause)
    {
        var ours = text.IndexOf(" is refused: ", StringComparison.Ordinal);
        var reason = ours >= 0 ? text[(ours + " is refused: ".Length)..]
            : cause?.Innermost().Message ?? text;
        var line = string.Concat(reason.Select(it => char.IsControl(it) ? ' ' : it));
        return line.Length <= LongestReason ? line : $"{line[..LongestReason]}…";
    }

    // "… on channel [[::ffff:10.0.0.9]:4053->[::ffff:10.0.0.7]:48368](Id=…)", "… from [[::ffff:10.0.0.7]:48368] …",
    // "a connection with [::ffff:10.0.0.7]:48382 is refused: …", "… with akka.ssl.tcp://involute@10.0.0.7:4053 is …"
    [GeneratedRegex(
        @"(?:->|from \[|connection with )(?:akka\S*@)?(?<host>\[[0-9a-fA-F:.%]+\]|[\w.:-]+?):(?<port>\d+)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Remote();

    // ".../akkaprotocolmanager.ssl.tcp.0/akkaProtocol-ssl.tcp://involute@[::ffff:127.0.0.1]:41364-764"
    [GeneratedRegex(
        @"/akkaProtocol-[^/]*//\w+@(?<host>\[[0-9a-fA-F:.%]+\]|[\w.:-]+?):(?<port>\d+)-\d+$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Actor();

    private sealed class Stranger
    {
        public long Since { get; set; }

        public long More { get; set; }

        public BitArray Ports { get; } = new(ushort.MaxValue + 1);
    }
}
