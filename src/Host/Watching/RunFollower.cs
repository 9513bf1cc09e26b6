using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Involute.Dashboard.Page;

namespace Involute.Host.Watching;

/// <summary>What one page has of one run, and what it does not have yet.</summary>
/// <param name="runs">Finds the run, which may come and go.</param>
/// <param name="name">Its name.</param>
internal sealed class RunFollower(WatchedRuns runs, string name) : IRunFollower
{
    private WatchedRun? _run;
    private bool _isGone;
    private string _facts = "";
    private string _theta = "";
    private CurveTable.Seen? _metrics;
    private CurveTable.Seen? _progress;
    private PairTrails.Seen? _trails;
    private IReadOnlyList<JsonObject>? _pairs;
    private (long Ledger, long Log)? _events;
    private long? _nodes;

    /// <inheritdoc/>
    public async Task<string?> NewsAsync(CancellationToken cancellation)
    {
        var run = runs.Find(name);
        if (run != _run)
        {
            (_run, _facts, _theta) = (run, "", "");
            (_metrics, _progress, _trails, _pairs, _events, _nodes) = (null, null, null, null, null, null);
        }

        if (run is null)
        {
            var told = _isGone;
            _isGone = true;
            return told ? null : JsonSerializer.Serialize(new { name, gone = true });
        }

        _isGone = false;
        return await run.ReadAsync(Write, cancellation);
    }

    private string? Write(WatchedRun run)
    {
        using var bytes = new MemoryStream();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("name", name);
        json.Flush();
        var before = bytes.Length;

        // The page throws away what it has of another run of that name.
        if (_facts.Length == 0)
        {
            json.WriteBoolean("anew", true);
        }

        if (RunFacts.Of(run).ToJsonString() is var facts && facts != _facts)
        {
            json.WritePropertyName("facts");
            json.WriteRawValue(_facts = facts);
        }

        if (ThetaCurves.Names(run.Metrics.Columns).ToJsonString() is var theta && theta != _theta)
        {
            json.WritePropertyName("theta");
            json.WriteRawValue(_theta = theta);
        }

        _metrics = run.Metrics.Write(json, "metrics", _metrics);
        _progress = run.Progress.Write(json, "progress", _progress);
        _trails = run.Trails.Write(json, "trails", _trails);
        if (_nodes != run.Nodes.Version)
        {
            _nodes = run.Nodes.Version;
            run.Nodes.Write(json, "nodes");
        }

        if (_events != (run.Ledger.Version, run.Log.Version))
        {
            _events = (run.Ledger.Version, run.Log.Version);
            json.WritePropertyName("events");
            RunFacts.Events(run).WriteTo(json);
            Numbers.Write(json, "checkpoints", 0, run.Ledger.Checkpoints.Count, i => run.Ledger.Checkpoints[i]);
        }

        if (!ReferenceEquals(_pairs, run.Pairs))
        {
            _pairs = run.Pairs;
            PairRows.Write(json, "pairs", run.Pairs ?? []);
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.Length > before + 1 ? Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) : null;
    }
}
