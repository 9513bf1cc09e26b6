using Involute.Actors.Cluster;
using Involute.Actors.Telemetry;
using Involute.Dashboard.Metrics;
using Involute.Dashboard.Serving;
using Involute.Hosting;

namespace Involute.Host.Watching;

/// <summary>What a process that is part of a run serves over HTTP. It listens before anything is begun.</summary>
internal sealed class ProcessWeb : IAsyncDisposable
{
    private readonly WebSettings _settings;
    private readonly WebServer _server;
    private readonly MetricsPage _metrics;
    private Func<CancellationToken, Task<Fitness>>? _ready;

    private ProcessWeb(WebSettings settings, WebServer server, MetricsPage metrics) =>
        (_settings, _server, _metrics) = (settings, server, metrics);

    /// <summary>Where it listens.</summary>
    public Endpoint Address => new(_settings.Place.Host, _server.Port);

    /// <summary>Begins to serve; null if there is nothing to serve.</summary>
    /// <param name="settings">What and where.</param>
    /// <exception cref="IOException">The place is not free; one line.</exception>
    public static async Task<ProcessWeb?> OpenAsync(WebSettings? settings)
    {
        if (settings is null)
        {
            return null;
        }

        ProcessWeb? web = null;
        var metrics = new MetricsPage(InvoluteTelemetry.Name);
        var server = await WebServer.StartAsync(
            ListeningPlace.Address(settings.Place.Host),
            settings.Place.Port,
            new HostNames(settings.Place.Host, Environment.MachineName),
            [
                metrics.Page,
                .. HealthPages.Of(cancellation => web?._ready?.Invoke(cancellation)
                    ?? Task.FromResult(Fitness.NotReady("the process is starting"))),
            ]);
        return web = new ProcessWeb(settings, server, metrics);
    }

    /// <summary>The run is there: its health is known from now on.</summary>
    public void Serve(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _ready = new RunHealth(run, TimeProvider.System).AskAsync;
        Tell();
    }

    /// <summary>A worker is there: its health is known from now on.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="pulse">How its node goes on.</param>
    public void Serve(WorkerNode worker, NodePulse pulse)
    {
        _ready = new WorkerHealth(worker, pulse, TimeProvider.System).AskAsync;
        Tell();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _metrics.Dispose();
    }

    private void Tell() => Console.WriteLine($"HTTP on http://{Address}: /metrics, /healthz/live, /healthz/ready");
}
