using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Involute.Dashboard.Serving;

/// <summary>
/// A small HTTP server beside a run: some fixed paths, bounded connections and requests, headers that let a browser do nothing
/// else with its pages. What it serves must not wait for the run, nor the run for it.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    private const int MostConnections = 64;
    private const int MostRequestBytes = 8 << 10;
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan LongestHeaders = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMilliseconds(500);

    private readonly WebApplication _application;
    private readonly HostNames _names;
    private readonly Dictionary<string, WebPage> _pages;

    private WebServer(WebApplication application, HostNames names, IEnumerable<WebPage> pages)
    {
        (_application, _names) = (application, names);
        _pages = pages.ToDictionary(page => page.Path, StringComparer.Ordinal);
    }

    /// <summary>The port on which it listens.</summary>
    public int Port { get; private set; }

    /// <summary>Begins to listen.</summary>
    /// <param name="address">Where.</param>
    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="names">Names by which clients may call it.</param>
    /// <param name="pages">What it serves.</param>
    /// <exception cref="IOException">The place is not free; one line.</exception>
    public static async Task<WebServer> StartAsync(
        IPAddress address, int port, HostNames names, IReadOnlyList<WebPage> pages)
    {
        ArgumentNullException.ThrowIfNull(address);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel);
            kestrel.Listen(address, port);
        });
        var application = builder.Build();
        var server = new WebServer(application, names, pages);
        application.Run(server.AnswerAsync);
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is IOException or System.Net.Sockets.SocketException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new IOException(
                $"HTTP cannot be served on {address}:{port}: {refused.Message.ReplaceLineEndings(" ")}; allowed: a free port",
                refused);
        }

        var served = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        server.Port = new Uri(served.First()).Port;
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Streams to browsers do not end by themselves.
        using var patience = new CancellationTokenSource(LongestEnd, TimeProvider.System);
        await _application.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = MostRequestBytes;
        limits.MaxRequestBufferSize = 2 * MostRequestBytes;
        limits.MaxRequestLineSize = MostRequestBytes / 2;
        limits.MaxRequestHeadersTotalSize = MostRequestBytes;
        limits.MaxRequestHeaderCount = 64;
        limits.RequestHeadersTimeout = LongestHeaders;
        limits.KeepAliveTimeout = LongestIdle;
    }

    private Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";

        // A page elsewhere whose name leads here (DNS rebinding) would be let in by a browser.
        if (!_names.Allows(context.Request.Host.Host))
        {
            return SayAsync(context, StatusCodes.Status421MisdirectedRequest, "this server is not called that");
        }

        if (!_pages.TryGetValue(context.Request.Path.Value ?? "/", out var page))
        {
            return SayAsync(context, StatusCodes.Status404NotFound, "there is no such page");
        }

        if (context.Request.Method != page.Method && !(page.Method == HttpMethods.Get && HttpMethods.IsHead(context.Request.Method)))
        {
            headers.Allow = page.Method;
            return SayAsync(context, StatusCodes.Status405MethodNotAllowed, $"allowed: {page.Method}");
        }

        return page.Answer(context);
    }

    /// <summary>Answers with a line.</summary>
    public static Task SayAsync(HttpContext context, int status, string line)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SendAsync(context, status, "text/plain; charset=utf-8", line + "\n");
    }

    /// <summary>Answers with a text.</summary>
    public static Task SendAsync(HttpContext context, int status, string type, string text)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"port {Port}");
}

/// <summary>A path that is served.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">The path, as it stands.</param>
/// <param name="Answer">Answers a request.</param>
internal sealed record WebPage(string Method, string Path, RequestDelegate Answer)
{
    /// <summary>A page that is read.</summary>
    public static WebPage Get(string path, RequestDelegate answer) => new(HttpMethods.Get, path, answer);

    /// <summary>An action.</summary>
    public static WebPage Post(string path, RequestDelegate answer) => new(HttpMethods.Post, path, answer);
}
