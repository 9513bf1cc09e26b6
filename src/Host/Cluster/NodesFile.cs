using System.Text.Json;
using Involute.Actors.Cluster;
using Involute.Hosting.Runs;

namespace Involute.Hosting.Cluster;

/// <summary><c>nodes.json</c> of a run folder: who belongs to the run's cluster, kept by the learner that leads.</summary>
internal static class NodesFile
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>Replaces the file.</summary>
    public static void Write(RunFolder folder, IReadOnlyList<ClusterMember> members) =>
        AtomicFile.Write(folder.Nodes, JsonSerializer.Serialize(new Content(members), Format) + "\n");

    /// <summary>Where members were when the file was written; empty if there is none that can be read.</summary>
    public static IReadOnlyList<Endpoint> Addresses(RunFolder folder)
    {
        if (!File.Exists(folder.Nodes))
        {
            return [];
        }

        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllText(folder.Nodes), Format);
            return
            [
                .. (content?.Nodes ?? [])
                    .Select(node => Endpoint.TryParse(node.Address, out var endpoint) ? endpoint : default)
                    .Where(endpoint => endpoint.Port > 0),
            ];
        }
        catch (JsonException)
        {
            // A hint for a faster start, no more: without it the members come to the learner.
            return [];
        }
    }

    private sealed record Content(IReadOnlyList<ClusterMember> Nodes);
}
