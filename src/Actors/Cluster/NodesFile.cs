using System.Text.Json;
using System.Text.Json.Serialization;
using Involute.Runs.Folders;

namespace Involute.Actors.Cluster;

/// <summary>
/// <c>nodes.json</c> of a run folder: who belongs to the run's cluster, kept by the learner that leads.
/// </summary>
/// <remarks>The file is a hint for a faster start: a run goes on without it.</remarks>
/// <param name="folder">The run's folder.</param>
/// <param name="warn">Is told once if the file cannot be written.</param>
internal sealed class NodesFile(RunFolder folder, Action<string> warn)
{
    private bool _hasWarned;

    /// <summary>Replaces the file.</summary>
    public void Write(IReadOnlyList<ClusterMember> members)
    {
        try
        {
            AtomicFile.Write(folder.Nodes, JsonSerializer.Serialize(new Content(members), NodesFileJson.Default.Content) + "\n");
        }
        catch (IOException exception)
        {
            if (!_hasWarned)
            {
                _hasWarned = true;
                warn($"the file with the members of the cluster cannot be written: {exception.Message}");
            }
        }
    }

    /// <summary>Removes it: its members are gone.</summary>
    public void Remove()
    {
        try
        {
            File.Delete(folder.Nodes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            warn($"the file with the members of the cluster cannot be removed: {exception.Message}");
        }
    }

    /// <summary>Where members were when the file was written; empty if there is none that can be read.</summary>
    public static IReadOnlyList<Endpoint> Addresses(RunFolder folder)
    {
        return
        [
            .. Read(folder).Select(node => Endpoint.TryParse(node.Address, out var endpoint) ? endpoint : default)
                .Where(endpoint => endpoint.Port > 0),
        ];
    }

    /// <summary>The members as they were when the file was written; empty if there is none that can be read.</summary>
    public static IReadOnlyList<ClusterMember> Read(RunFolder folder)
    {
        if (!File.Exists(folder.Nodes))
        {
            return [];
        }

        try
        {
            var nodes = JsonSerializer.Deserialize(File.ReadAllText(folder.Nodes), NodesFileJson.Default.Content)?.Nodes;
            return [.. (nodes ?? []).Where(node => node is { Address: not null })];
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            // A hint for a faster start, no more: without it the members come to the learner.
            return [];
        }
    }

    /// <summary>
    /// Whether the cluster had a learner that does not listen where this process will: a standby, most likely.
    /// </summary>
    public static bool NamesAnotherLearner(RunFolder folder, Endpoint own) =>
        Read(folder).Any(node => node.Role == ClusterRole.Learner
            && !(Endpoint.TryParse(node.Address, out var place) && place == own));

    internal sealed record Content(IReadOnlyList<ClusterMember> Nodes);
}

/// <summary>The JSON of the file, generated: a program that embeds a run may have no reflection for it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(NodesFile.Content))]
internal sealed partial class NodesFileJson : JsonSerializerContext;
