using Involute.Actors.Cluster;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;

namespace Involute.Hosting;

/// <summary>
/// Tells in <c>nodes.json</c> where a process that computes a run by itself can be asked. In a cluster the learner that leads
/// writes the file.
/// </summary>
internal sealed class LonePlaces
{
    private readonly NodesFile _file;

    private LonePlaces(NodesFile file) => _file = file;

    /// <summary>Writes the file; null if there is nothing to tell.</summary>
    /// <param name="open">The run.</param>
    /// <param name="console">Where its console listens, or null.</param>
    /// <param name="web">Where it serves HTTP, or null.</param>
    /// <param name="warn">Is told if the file cannot be written or removed.</param>
    public static LonePlaces? Tell(OpenRun open, Endpoint? console, Endpoint? web, Action<string> warn)
    {
        if (console is null && web is null)
        {
            return null;
        }

        var file = new NodesFile(open.Folder, warn);
        file.Write(
        [
            new ClusterMember(
                "", ClusterRole.Alone, "up", IsLeading: true, Environment.ProcessId, open.Configuration.ComputeThreads())
            {
                Console = console?.ToString(),
                Web = web?.ToString(),
            },
        ]);
        return new LonePlaces(file);
    }

    /// <summary>The process is gone from these places.</summary>
    public void Remove() => _file.Remove();
}
