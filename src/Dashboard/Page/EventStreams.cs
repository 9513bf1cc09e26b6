using System.Text;
using Involute.Dashboard.Serving;
using Microsoft.AspNetCore.Http;

namespace Involute.Dashboard.Page;

/// <summary>
/// What is new of the runs, as server-sent events: the list when it changes, and of each run that a page shows what has come since.
/// There are few streams at once, each has one message on its way, and one whose client does not read ends.
/// </summary>
/// <param name="runs">The runs.</param>
/// <param name="time">Paces the news.</param>
/// <param name="longestWrite">How long a client may take to read a message; 20 s if absent.</param>
internal sealed class EventStreams(IRunsSource runs, TimeProvider time, TimeSpan? longestWrite = null)
{
    /// <summary>Streams at once.</summary>
    public const int Most = 16;

    private const int MostRuns = 12;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _longestWrite = longestWrite ?? TimeSpan.FromSeconds(20);
    private int _open;

    /// <summary>Streams that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Answers a request with a stream of the runs that it names, until the client goes.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Interlocked.Increment(ref _open) > Most)
        {
            Interlocked.Decrement(ref _open);
            await WebServer.SayAsync(context, StatusCodes.Status503ServiceUnavailable, $"{Most} pages are open already")
                .ConfigureAwait(false);
            return;
        }

        try
        {
            context.Response.ContentType = "text/event-stream";
            List<IRunFollower> followers =
                [.. context.Request.Query["run"].OfType<string>().Distinct().Take(MostRuns).Select(runs.Follow)];
            await TellAsync(context, followers).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or does not read.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task TellAsync(HttpContext context, List<IRunFollower> followers)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var list = "";
        do
        {
            var message = new StringBuilder();
            if (runs.Runs() is var now && now != list)
            {
                Append(message, "runs", list = now);
            }

            // Of a long run that no page has shown yet, all rows have to be read.
            if (message.Length > 0 && followers.Count > 0)
            {
                await WriteAsync(context, message.ToString()).ConfigureAwait(false);
                message.Clear();
            }

            foreach (var follower in followers)
            {
                if (await follower.NewsAsync(context.RequestAborted).ConfigureAwait(false) is { } news)
                {
                    Append(message, "run", news);
                }
            }

            // A comment keeps the page from waiting in vain, and shows whether a page still reads.
            await WriteAsync(context, message.Length > 0 ? message.ToString() : ":\n\n").ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(context.RequestAborted).ConfigureAwait(false));
    }

    private static void Append(StringBuilder message, string name, string data) =>
        message.Append("event: ").Append(name).Append("\ndata: ").Append(data).Append("\n\n");

    private async Task WriteAsync(HttpContext context, string message)
    {
        using var patience = new CancellationTokenSource(_longestWrite, time);
        await using var _ = patience.Token.Register(context.Abort);
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(message), context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
