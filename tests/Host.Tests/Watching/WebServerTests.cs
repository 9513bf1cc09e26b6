using System.Diagnostics.Metrics;
using System.Net;
using Involute.Dashboard.Metrics;
using Involute.Dashboard.Serving;
using Xunit;

namespace Involute.Host.Tests.Watching;

public sealed class WebServerTests : IAsyncLifetime
{
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false });
    private Fitness _fitness = Fitness.Ready("outer step 3");
    private MetricsPage? _metrics;
    private WebServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _metrics = new MetricsPage("Involute.Test");
        _server = await WebServer.StartAsync(
            IPAddress.Loopback, 0, new HostNames("here"),
            [_metrics.Page, .. HealthPages.Of(_ => Task.FromResult(_fitness))]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _metrics!.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task A_process_that_is_not_ready_says_why_with_503()
    {
        var ready = await AskAsync("/healthz/ready");
        _fitness = Fitness.NotReady("the store does not answer");
        var not = await AskAsync("/healthz/ready");

        Assert.Equal((HttpStatusCode.OK, "ready: outer step 3\n"), (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, not.StatusCode);
        Assert.Equal("not ready: the store does not answer\n", await not.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("/healthz/live")).StatusCode);
    }

    [Theory]
    [InlineData("attacker.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("here:80", HttpStatusCode.OK)]
    [InlineData("[::1]:1", HttpStatusCode.OK)]
    public async Task A_name_that_is_not_this_machines_is_refused(string host, HttpStatusCode expected) =>
        Assert.Equal(expected, (await AskAsync("/healthz/live", host: host)).StatusCode);

    [Fact]
    public async Task What_is_not_served_is_refused_and_every_answer_forbids_what_a_page_does_not_need()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync("/etc/passwd")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await AskAsync("/metrics", HttpMethod.Post)).StatusCode);
        var answer = await AskAsync("/metrics");
        Assert.StartsWith("default-src 'none'; script-src 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Measurements_have_names_units_and_labels_as_Prometheus_wants_them()
    {
        using var meter = new Meter(new MeterOptions("Involute.Test") { Tags = [new("run", "a \"b\"")] });
        var steps = meter.CreateCounter<long>("involute.outer_steps", null, "Outer steps.");
        var took = meter.CreateHistogram<double>("involute.window.duration", "s", "Time.");
        meter.CreateObservableGauge("involute.meta_loss", () => double.NaN, null, "Loss.");
        steps.Add(2);
        steps.Add(3);
        took.Record(0.004);
        took.Record(5000);

        var text = await (await AskAsync("/metrics")).Content.ReadAsStringAsync(Cancellation);

        Assert.Contains("# TYPE involute_outer_steps_total counter\ninvolute_outer_steps_total{run=\"a \\\"b\\\"\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("involute_window_duration_seconds_bucket{run=\"a \\\"b\\\"\",le=\"0.005\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("involute_window_duration_seconds_bucket{run=\"a \\\"b\\\"\",le=\"+Inf\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("involute_window_duration_seconds_count{run=\"a \\\"b\\\"\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("involute_meta_loss{run=\"a \\\"b\\\"\"} NaN\n", text, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> AskAsync(string path, HttpMethod? method = null, string? host = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"http://127.0.0.1:{_server!.Port}{path}");
        request.Headers.Host = host;
        return await _client.SendAsync(request, Cancellation);
    }
}
