using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;

namespace Involute.Commands;

/// <summary>One client of a console, from its greeting to its end.</summary>
/// <param name="options">What the console offers.</param>
/// <param name="calls">Carries commands out.</param>
/// <param name="number">The connection's.</param>
/// <param name="client">Its socket.</param>
/// <param name="pace">Of all connections together.</param>
/// <param name="greeting">The frame that answers a client's greeting.</param>
internal sealed class ConsoleConnection(
    ConsoleServerOptions options, IActorRef calls, long number, Socket client, SharedPace pace, byte[] greeting)
{
    private const int MostName = 64;

    private readonly ResponseQueue _queue = new(options.Limits.MostWaitingBytes);
    private readonly RunningCalls _running = new(options.Limits.MostCalls);
    private Caller _caller = new("unknown", "unknown", IsLoopback: false);

    /// <summary>Answers the client until it goes, misbehaves, or the console ends. Never throws.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        // The loop that accepts goes on at once.
        await Task.Yield();
        using var socket = client;
        using var end = new CancellationTokenSource();
        try
        {
            client.NoDelay = true;
            await using var open = new NetworkStream(client, ownsSocket: false);
            var stream = await GreetedAsync(open, stop).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var sending = SendAsync(stream, end);
                try
                {
                    using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Token);
                    await ReadAsync(stream, reading.Token).ConfigureAwait(false);
                }
                finally
                {
                    if (stop.IsCancellationRequested)
                    {
                        await SayFarewellAsync(sending).ConfigureAwait(false);
                    }

                    await end.CancelAsync().ConfigureAwait(false);
                    await sending.ConfigureAwait(false);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or InvalidDataException
            or OperationCanceledException or AuthenticationException or ObjectDisposedException)
        {
            // A client that goes or speaks something else is of no interest to the run.
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            CancelAll();
        }
    }

    // The node ends: what has been asked is answered, also that it ends; streams end.
    private async Task SayFarewellAsync(Task sending)
    {
        using var patience = new CancellationTokenSource(options.Limits.Farewell, options.Time);
        await _running.Answered.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _queue.Complete();
        await sending.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The first frame must be a greeting, and come soon.
    private async Task<Stream> GreetedAsync(Stream open, CancellationToken end)
    {
        using var patience = new CancellationTokenSource(options.Limits.Greeting, options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end, patience.Token);
        var stream = options.Secure is { } secure
            ? await secure(open, limit.Token).ConfigureAwait(false)
            : open;
        if (await ConsoleFrames.ReadClientAsync(stream, limit.Token).ConfigureAwait(false)
            is not { Type: ClientFrame.Hello } hello)
        {
            throw new InvalidDataException("no greeting");
        }

        var from = (IPEndPoint)client.RemoteEndPoint!;
        _caller = new Caller(Shown(hello.User), from.ToString(), IPAddress.IsLoopback(from.Address))
        {
            Certificate = (stream as SslStream)?.RemoteCertificate is X509Certificate2 shown
                ? Shown(shown.GetNameInfo(X509NameType.SimpleName, forIssuer: false))
                : null,
        };
        await Task.Delay(pace.Take(), options.Time, limit.Token).ConfigureAwait(false);
        _queue.Offer(greeting, isEnd: true);
        return stream;
    }

    private async Task ReadAsync(Stream stream, CancellationToken end)
    {
        var last = options.Time.GetTimestamp();
        while (await ConsoleFrames.ReadClientAsync(stream, end).ConfigureAwait(false) is { } frame)
        {
            // A client that does not hurry costs no timer.
            if (options.Limits.Pace - options.Time.GetElapsedTime(last) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, options.Time, end).ConfigureAwait(false);
            }

            last = options.Time.GetTimestamp();
            if (frame.Type == ClientFrame.Cancel)
            {
                calls.Tell(new ConsoleActor.Cancel(number, frame.Id));
            }
            else if (frame.Type == ClientFrame.Run)
            {
                await Task.Delay(pace.Take(), options.Time, end).ConfigureAwait(false);
                Run(frame);
            }

            await _queue.RoomAsync(end).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(Stream stream, CancellationTokenSource end)
    {
        try
        {
            await foreach (var frame in _queue.TakeAsync(end.Token).ConfigureAwait(false))
            {
                using var patience = new CancellationTokenSource(options.Limits.Unread, options.Time);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(end.Token, patience.Token);
                await stream.WriteAsync(frame, limit.Token).ConfigureAwait(false);
                _queue.Sent(frame);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException
            or ObjectDisposedException)
        {
            // The reader ends too.
            await end.CancelAsync().ConfigureAwait(false);
        }
    }

    private void Run(ClientFrame frame)
    {
        try
        {
            Begin(frame);
        }
        catch (CommandRefusedException refused)
        {
            _queue.Offer(frame.Id, CommandResponse.Failed(refused.Message));
        }
    }

    private void Begin(ClientFrame frame)
    {
        var words = frame.Words ?? [];
        var (palette, definition, used) = CommandWords.Find([.. options.Palettes.Select(it => it.Palette)], words);
        var arguments = CommandWords.Arguments(palette, definition, words.Skip(used));
        _running.Begin(frame.Id, definition.IsStream);
        try
        {
            Allow(definition, palette, words, frame.Yes);
        }
        catch
        {
            _running.End(frame.Id);
            throw;
        }

        calls.Tell(new ConsoleCall(
            number, frame.Id, options.Palettes.First(it => it.Palette == palette),
            new CommandCall(definition, arguments, frame.Json, _caller),
            response => Answer(frame.Id, response)));
    }

    private void Allow(CommandDefinition definition, Palette palette, IReadOnlyList<string> words, bool yes)
    {
        if (!definition.Changes)
        {
            return;
        }

        var command = string.Join(' ', words.Select(Shown));
        if (!_caller.IsLoopback && !options.LetsOthersChange)
        {
            options.Record($"{command}: refused to {_caller}: not from this machine");
            throw new CommandRefusedException(
                $"'{palette.Usage(definition)}' changes something, and comes over a network; allowed: from this machine, or "
                    + "where the node was started with --console-control");
        }

        if (!yes)
        {
            throw new CommandRefusedException($"'{palette.Usage(definition)}' changes something; allowed: with --yes");
        }

        options.Record($"{command}: by {_caller}");
    }

    private void Answer(int id, CommandResponse response)
    {
        _queue.Offer(id, response);
        if (response.IsFinal)
        {
            _running.End(id);
        }
    }

    private void CancelAll()
    {
        foreach (var id in _running.Numbers)
        {
            calls.Tell(new ConsoleActor.Cancel(number, id));
        }
    }

    // It goes into logs that others read.
    private static string Shown(string? text) =>
        new([.. (text ?? "").Take(MostName).Select(letter => char.IsControl(letter) ? '?' : letter)]);
}
