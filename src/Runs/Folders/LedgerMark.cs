using System.Text.Json;

namespace Involute.Runs.Folders;

/// <summary>
/// What the run's folder knows of its ledger: <c>ledger.json</c>. A ledger that is gone, replaced or cut short is noticed
/// by it.
/// </summary>
/// <param name="Ledger">
/// The writer of the ledger's first event, which no other ledger has; null while nothing has been committed.
/// </param>
/// <param name="CheckpointStep">The step of the last checkpoint that was committed and read back; 0 if none.</param>
public sealed record LedgerMark(string? Ledger, long CheckpointStep)
{
    /// <summary>The text of a new run's file.</summary>
    internal const string NothingCommitted = "{\n  \"ledger\": null,\n  \"checkpointStep\": 0\n}\n";

    /// <summary>As JSON, one property per line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunFolderJson.Default.LedgerMark) + "\n";

    /// <summary>Reads <see cref="ToJson"/>.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static LedgerMark FromJson(string json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RunFolderJson.Default.LedgerMark) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"{path}: it does not tell which ledger the run has; restore it, or delete it");
        }
    }

    /// <summary>Why a ledger is not the one of the mark, or lacks what was committed; null if it is whole.</summary>
    /// <param name="place">The store, as messages call it.</param>
    /// <param name="firstWriter">The writer of its first event; null if it has none.</param>
    /// <param name="lastStep">Its last outer step; 0 if it has none.</param>
    /// <param name="wayOut">What else than restoring it helps where its end was cut off; null for another run.</param>
    public string? Problem(string place, string? firstWriter, long lastStep, string? wayOut = null) =>
        Ledger is null ? null
        : firstWriter is null
            ? $"{place}: the ledger is gone, and ledger.json tells of a checkpoint of step {CheckpointStep}; restore it, or "
                + "begin another run"
        : firstWriter != Ledger
            ? $"{place}: another ledger than the run began with ({firstWriter}, by ledger.json {Ledger}); restore that one, "
                + "or begin another run"
        : LacksTheEnd(firstWriter, lastStep)
            ? $"{place}: the ledger ends at step {lastStep}, and ledger.json tells of a checkpoint of step "
                + $"{CheckpointStep}: its end was cut off; restore it, or {wayOut ?? "begin another run"}"
        : null;

    /// <summary>Whether a ledger is the one of the mark, and lacks what was committed last.</summary>
    public bool LacksTheEnd(string? firstWriter, long lastStep) =>
        Ledger is not null && Ledger == firstWriter && lastStep < CheckpointStep;
}
