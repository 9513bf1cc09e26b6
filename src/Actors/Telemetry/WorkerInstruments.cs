using System.Diagnostics.Metrics;

namespace Involute.Actors.Telemetry;

/// <summary>Measures a worker for the meter <c>Involute</c> (docs/watching.md names the instruments).</summary>
internal sealed class WorkerInstruments : IDisposable
{
    private readonly Meter _meter = new(InvoluteTelemetry.Name);

    /// <param name="pulse">How the worker's node goes on.</param>
    /// <param name="threads">Windows that it can compute at once.</param>
    public WorkerInstruments(NodePulse pulse, int threads)
    {
        Gauge("involute.worker.has_work", "1 while a learner gives this worker thetas to compute with, else 0.",
            () => pulse.Now is null ? 0 : 1);
        Gauge("involute.worker.outer_step", "The outer step whose windows this worker computes.", () => pulse.Now?.Step);
        Gauge("involute.worker.pairs", "Pairs that live in this worker.", () => pulse.Now?.Pairs);
        Gauge("involute.worker.threads", "Windows that this worker can compute at once.", () => threads);
        Gauge("involute.worker.theta.last", "When the last theta came, as Unix time.",
            () => pulse.Now?.At.ToUnixTimeMilliseconds() / 1e3, "s");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string description, Func<double?> value, string? unit = null) =>
        _meter.CreateObservableGauge(
            name,
            () => value() is { } number ? [new Measurement<double>(number)] : Array.Empty<Measurement<double>>(),
            unit,
            description);
}
