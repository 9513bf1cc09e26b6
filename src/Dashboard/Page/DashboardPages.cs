using System.Text.Json;
using Involute.Dashboard.Serving;
using Microsoft.AspNetCore.Http;

namespace Involute.Dashboard.Page;

/// <summary>
/// The dashboard: a page that has nothing of a run in it, a stream of news of the runs, and commands to them; the latter two for
/// those that have the token.
/// </summary>
/// <param name="runs">The runs.</param>
/// <param name="token">What a request needs.</param>
/// <param name="time">Paces the news.</param>
/// <param name="longestWrite">See <see cref="EventStreams"/>.</param>
internal sealed class DashboardPages(IRunsSource runs, string token, TimeProvider time, TimeSpan? longestWrite = null)
{
    private const int MostWords = 8;
    private static readonly string[] Scripts =
        ["uPlot.iife.min.js", "format.js", "curves.js", "charts.js", "tables.js", "controls.js", "stream.js", "dashboard.js"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly AccessToken _token = new(token);

    /// <summary>The streams that pages listen to.</summary>
    public EventStreams Streams { get; } = new(runs, time, longestWrite);

    /// <summary>The pages.</summary>
    public IReadOnlyList<WebPage> Pages =>
    [
        Asset("/", "index.html", "text/html"),
        Asset("/dashboard.css", "dashboard.css", "text/css"),
        Asset("/uPlot.min.css", "uPlot.min.css", "text/css"),
        .. Scripts.Select(name => Asset($"/{name}", name, "text/javascript")),
        WebPage.Get("/api/events", context => WithTokenAsync(context, Streams.ServeAsync)),
        WebPage.Post("/api/command", context => WithTokenAsync(context, CommandAsync)),
    ];

    /// <summary>The URL that opens the page.</summary>
    /// <param name="port">Where it is served.</param>
    public string Url(int port) => $"http://127.0.0.1:{port}/#token={token}";

    private static WebPage Asset(string path, string name, string type)
    {
        using var stream = typeof(DashboardPages).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"no resource {name}");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return WebPage.Get(
            path, context => WebServer.SendAsync(context, StatusCodes.Status200OK, $"{type}; charset=utf-8", text));
    }

    private Task WithTokenAsync(HttpContext context, RequestDelegate answer) => _token.IsIn(context.Request)
        ? answer(context)
        : WebServer.SayAsync(
            context, StatusCodes.Status401Unauthorized, "open the URL with the token that the process has printed when it started");

    private async Task CommandAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType() || await ReadAsync(context).ConfigureAwait(false) is not { } order)
        {
            await WebServer.SayAsync(
                context, StatusCodes.Status400BadRequest, "no command; allowed: {\"run\":\"NAME\",\"words\":[\"pause\"]}")
                .ConfigureAwait(false);
            return;
        }

        var outcome = await runs.CommandAsync(order.Run, order.Words, context.RequestAborted).ConfigureAwait(false);
        await WebServer.SendAsync(
            context, StatusCodes.Status200OK, "application/json", JsonSerializer.Serialize(outcome, Json)).ConfigureAwait(false);
    }

    private static async Task<Order?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<Order>(context.Request.Body, Json, context.RequestAborted)
                .ConfigureAwait(false)
                is { Run: not null, Words: { Count: > 0 and <= MostWords } words } order && words.All(word => word is not null)
                ? order
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }

    private sealed record Order(string Run, IReadOnlyList<string> Words);
}
