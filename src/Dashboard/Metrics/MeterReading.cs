using System.Diagnostics.Metrics;

namespace Involute.Dashboard.Metrics;

/// <summary>What some meters have measured since this began to listen: sums, last values and distributions.</summary>
internal sealed class MeterReading : IDisposable
{
    // A label whose values never end would fill the memory.
    private const int MostSeries = 2000;

    private readonly HashSet<string> _meters;
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<(Instrument Instrument, string Labels), Series> _series = [];

    /// <param name="meters">Names of the meters.</param>
    public MeterReading(IEnumerable<string> meters)
    {
        _meters = [.. meters];
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.MeasurementsCompleted = (instrument, _) => Forget(instrument);
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All of it, as of now.</summary>
    public IReadOnlyList<Series> Read()
    {
        lock (_gate)
        {
            // What is observed is what there is now: a node that has left has no value any more.
            foreach (var observed in _series.Keys.Where(key => key.Instrument.IsObservable).ToList())
            {
                _series.Remove(observed);
            }
        }

        _listener.RecordObservableInstruments();
        lock (_gate)
        {
            return [.. _series.Values.Select(series => series.Copy())];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.Labels(instrument.Meter.Tags, tags);
        lock (_gate)
        {
            if (!_series.TryGetValue((instrument, labels), out var series))
            {
                if (_series.Count >= MostSeries)
                {
                    return;
                }

                _series[(instrument, labels)] = series = new Series(instrument, labels);
            }

            series.Add(value);
        }
    }

    private void Forget(Instrument instrument)
    {
        lock (_gate)
        {
            foreach (var gone in _series.Keys.Where(key => key.Instrument == instrument).ToList())
            {
                _series.Remove(gone);
            }
        }
    }
}
