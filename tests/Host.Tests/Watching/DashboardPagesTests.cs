using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Involute.Dashboard.Page;
using Involute.Dashboard.Serving;
using Involute.Host.Tests.Repository;
using Xunit;

namespace Involute.Host.Tests.Watching;

public sealed class DashboardPagesTests : IAsyncLifetime
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false });
    private readonly Runs _runs = new();
    private readonly TaskCompletionSource _ended = new();
    private DashboardPages? _pages;
    private WebServer? _server;
    private int _streamsThatEnded;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _pages = new DashboardPages(_runs, Token, TimeProvider.System, longestWrite: TimeSpan.FromMilliseconds(200));
        _server = await WebServer.StartAsync(
            IPAddress.Loopback, 0, new HostNames(),
            [
                .. _pages.Pages.Select(page => page.Path != "/api/events" ? page : page with
                {
                    Answer = async context =>
                    {
                        await page.Answer(context);
                        if (Interlocked.Increment(ref _streamsThatEnded) == EventStreams.Most)
                        {
                            _ended.SetResult();
                        }
                    },
                }),
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    public async Task Without_the_token_nothing_of_a_run_is_told_and_nothing_done(string? token)
    {
        using var events = await SendAsync(HttpMethod.Get, "/api/events?run=first", token);
        using var command = await SendAsync(HttpMethod.Post, "/api/command", token, new { run = "first", words = new[] { "pause" } });

        Assert.Equal(HttpStatusCode.Unauthorized, events.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, command.StatusCode);
        Assert.Empty(_runs.Given);
        Assert.DoesNotContain("first", await events.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    // The token stands behind the #, which a browser keeps to itself: no log and no other server sees it.
    [Fact]
    public async Task The_page_has_nothing_of_a_run_and_loads_nothing_from_elsewhere()
    {
        var page = await _client.GetStringAsync(Url("/"), Cancellation);

        Assert.Equal($"http://127.0.0.1:{_server!.Port}/#token={Token}", _pages!.Url(_server.Port));
        Assert.DoesNotContain(Token, page, StringComparison.Ordinal);
        Assert.DoesNotContain("//", page, StringComparison.Ordinal);
        foreach (var script in new[] { "dashboard", "charts", "curves", "controls", "stream", "tables", "format" })
        {
            var text = await _client.GetStringAsync(Url($"/{script}.js"), Cancellation);
            Assert.DoesNotContain("http:", text, StringComparison.Ordinal);
            Assert.DoesNotContain("https:", text, StringComparison.Ordinal);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stream_has_the_list_and_what_is_new_of_each_run()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/api/events?run=first&run=second&run=first", Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        var lines = new List<string?>();
        for (var line = 0; line < 8; line++)
        {
            lines.Add(await reader.ReadLineAsync(Cancellation));
        }

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            [
                "event: runs", "data: []", "", "event: run", "data: {\"name\":\"first\"}", "", "event: run",
                "data: {\"name\":\"second\"}",
            ],
            lines);
    }

    [Fact]
    public async Task A_command_goes_to_the_console_of_its_run_and_the_answer_comes_back()
    {
        using var answer = await SendAsync(
            HttpMethod.Post, "/api/command", Token, new { run = "first", words = new[] { "set", "learning-rate", "0.1" } });

        Assert.Equal("{\"done\":true,\"answer\":\"held\"}", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["first set learning-rate 0.1"], _runs.Given);
    }

    [Theory]
    [InlineData("application/json", "{\"run\":\"first\"}")]
    [InlineData("application/json", "{\"run\":\"first\",\"words\":[]}")]
    [InlineData("application/json", "{\"run\":\"first\",\"words\":[null]}")]
    [InlineData("application/json", "{\"run\":\"first\",\"words\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]}")]
    [InlineData("application/json", "[")]
    [InlineData("text/plain", "{\"run\":\"first\",\"words\":[\"pause\"]}")]
    public async Task What_is_no_command_is_refused_with_400(string type, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url("/api/command"))
        {
            Content = new StringContent(body, Encoding.UTF8, type),
            Headers = { { AccessToken.Header, Token } },
        };
        using var answer = await _client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(_runs.Given);
    }

    // Each message is far more than sockets take in: the server waits for these clients, and not for long.
    [Fact]
    public async Task Clients_that_do_not_read_hold_a_bounded_number_of_streams_for_a_bounded_time()
    {
        _runs.List = $"[\"{new string('x', 16 << 20)}\"]";
        var sockets = new List<TcpClient>();
        try
        {
            for (var client = 0; client < EventStreams.Most; client++)
            {
                var socket = new TcpClient { ReceiveBufferSize = 4096 };
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, _server!.Port, Cancellation);
                await socket.GetStream().WriteAsync(
                    Encoding.ASCII.GetBytes($"GET /api/events HTTP/1.1\r\nHost: localhost\r\n{AccessToken.Header}: {Token}\r\n\r\n"),
                    Cancellation);
            }

            await _ended.Task.WaitAsync(Cancellation);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        _runs.List = "[]";
        using var answer = await SendAsync(HttpMethod.Get, "/api/events", Token);
        Assert.Equal((HttpStatusCode.OK, 1), (answer.StatusCode, _pages!.Streams.Open));
    }

    [Fact]
    public async Task More_streams_than_there_may_be_are_told_so()
    {
        var open = new List<HttpResponseMessage>();
        for (var stream = 0; stream < EventStreams.Most; stream++)
        {
            open.Add(await SendAsync(HttpMethod.Get, "/api/events", Token));
        }

        using var refused = await SendAsync(HttpMethod.Get, "/api/events", Token);
        open.ForEach(answer => answer.Dispose());

        Assert.All(open, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
    }

    [Theory]
    [InlineData("uPlot.iife.min.js")]
    [InlineData("uPlot.min.css")]
    [InlineData("LICENSE")]
    public void The_library_of_the_charts_is_the_one_that_is_pinned(string name)
    {
        var folder = Path.Combine(SourceTree.Root, "src", "Dashboard", "Page", "Files", "uplot");
        using var resource = typeof(DashboardPages).Assembly.GetManifestResourceStream(name)!;

        Assert.Contains(
            $"| `{name}` | `{Convert.ToHexStringLower(SHA256.HashData(resource))}` |",
            File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal);
    }

    private Uri Url(string path) => new($"http://127.0.0.1:{_server!.Port}{path}");

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, Url(path)) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation(AccessToken.Header, token);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private sealed class Runs : IRunsSource
    {
        public List<string> Given { get; } = [];

        public string List { get; set; } = "[]";

        string IRunsSource.Runs() => List;

        public IRunFollower Follow(string name) => new Follower(name);

        public Task<CommandOutcome> CommandAsync(string name, IReadOnlyList<string> words, CancellationToken cancellation)
        {
            Given.Add($"{name} {string.Join(' ', words)}");
            return Task.FromResult(new CommandOutcome(true, "held"));
        }
    }

    private sealed class Follower(string name) : IRunFollower
    {
        private string? _news = $"{{\"name\":\"{name}\"}}";

        public Task<string?> NewsAsync(CancellationToken cancellation)
        {
            var news = _news;
            _news = null;
            return Task.FromResult(news);
        }
    }
}
