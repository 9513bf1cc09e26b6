using System.Text.Json;

namespace Involute.Host.Watching;

/// <summary>What a run's log says happened to it, out of the newest part of <c>log.jsonl</c>.</summary>
/// <param name="path">The file.</param>
internal sealed class LogEvents(string path)
{
    private const long LastBytes = 256 << 10;
    private const int Most = 300;

    private readonly AppendedLines _lines = new(path, LastBytes);
    private readonly Queue<LogLine> _read = [];

    /// <summary>Grows whenever something changes.</summary>
    public long Version { get; private set; }

    /// <summary>The last ones, oldest first.</summary>
    public IReadOnlyCollection<LogLine> Lines => _read;

    /// <summary>Takes in what has been appended.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Refresh()
    {
        // A file that is full gives way to a new one; what was read of it holds.
        _lines.Read(() => Version++, header: null, Take);
        while (_read.Count > Most)
        {
            _read.Dequeue();
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        LogLine? read;
        try
        {
            read = JsonSerializer.Deserialize<LogLine>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // A line that a crash has left torn.
            return;
        }

        if (read is { Event: not null, Text: not null } && !_read.Contains(read))
        {
            _read.Enqueue(read);
            Version++;
        }
    }
}

/// <summary>A line of a run's log.</summary>
/// <param name="Time">When.</param>
/// <param name="Level"><c>info</c> or <c>warning</c>.</param>
/// <param name="Event">What kind.</param>
/// <param name="Step">The outer step; null if it does not matter.</param>
/// <param name="Text">The line that a person reads.</param>
internal sealed record LogLine(DateTimeOffset Time, string? Level, string Event, long? Step, string Text)
{
    private const string TakenOver = "taken-over";

    /// <summary>Whether it says that a learner began to lead: the ledger has that too.</summary>
    public bool IsLead => Event is "started" or "resumed" or TakenOver;

    /// <summary>What it says to somebody who reads the log of no process.</summary>
    public string Told => Event == TakenOver
        ? $"a standby leads the run now, from the checkpoint of outer step {Step}; the learner before it is gone"
        : Text;

    /// <summary>What kind of mark it is on an axis.</summary>
    public string Kind => Event switch
    {
        "started" or "resumed" or TakenOver or "ended" => RunEvent.Learner,
        _ when Level == "warning" => RunEvent.Warning,
        _ => RunEvent.Node,
    };
}
