using System.Text.Json;
using Involute.Actors.Cluster;
using Involute.Runs.Folders;

namespace Involute.Host.Cluster;

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
        return
        [
            .. Read(folder).Select(node => Endpoint.TryParse(node.Address, out var endpoint) ? endpoint : default)
                .Where(endpoint => endpoint.Port > 0),
        ];
    }

    private static IReadOnlyList<ClusterMember> Read(RunFolder folder)
    {
        if (!File.Exists(folder.Nodes))
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<Content>(File.ReadAllText(folder.Nodes), Format)?.Nodes ?? [];
        }
        catch (JsonException)
        {
            // A hint for a faster start, no more: without it the members come to the learner.
            return [];
        }
    }

    /// <summary>Whether the cluster had a learner that does not listen where this process will: a standby, most likely.</summary>
    public static bool NamesAnotherLearner(RunFolder folder, Endpoint own) =>
        Read(folder).Any(node => node.Role == ClusterRole.Learner && node.Address != own.ToString());

    private sealed record Content(IReadOnlyList<ClusterMember> Nodes);
}
