using Involute.Dashboard.Serving;
using Microsoft.AspNetCore.Http;

namespace Involute.Dashboard.Metrics;

/// <summary><c>/metrics</c>: what the meters of this process have measured, in the text format of Prometheus.</summary>
internal sealed class MetricsPage : IDisposable
{
    private const string Type = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterReading _reading;

    /// <summary>Begins to listen to meters.</summary>
    /// <param name="meters">Their names.</param>
    public MetricsPage(params IEnumerable<string> meters) => _reading = new MeterReading(meters);

    /// <summary>The page.</summary>
    public WebPage Page => WebPage.Get("/metrics", context => WebServer.SendAsync(
        context, StatusCodes.Status200OK, Type, PrometheusText.Of(_reading.Read())));

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();
}
