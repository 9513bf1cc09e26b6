using System.Text.Json;

namespace Involute.Runs.Folders;

/// <summary>
/// Where a fork comes from: <c>origin.json</c> in its folder. The ledger has it too, but for the place; until it has been
/// begun, the fork is begun from here.
/// </summary>
/// <param name="Run">The other run.</param>
/// <param name="Folder">Its folder at that time.</param>
/// <param name="Step">The outer step.</param>
/// <param name="Ledger">The writer of its ledger's first event, which no other ledger has; null in older files.</param>
internal sealed record RunOrigin(string Run, string Folder, long Step, string? Ledger = null)
{
    /// <summary>As JSON, one property per line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunFolderJson.Default.RunOrigin) + "\n";

    /// <summary>Reads <see cref="ToJson"/>.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static RunOrigin FromJson(string json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RunFolderJson.Default.RunOrigin) is { Run: not null, Folder: not null } it
                ? it
                : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"{path}: it does not tell where the run comes from; restore it");
        }
    }
}
