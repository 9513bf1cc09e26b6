using Involute.Actors.Cluster;
using Involute.Actors.Palettes;

namespace Involute.Hosting;

/// <summary>The console of a worker.</summary>
internal sealed class WorkerConsole : IAsyncDisposable
{
    private readonly NodeConsole _node;

    private WorkerConsole(ConsoleOptions options) => _node = new NodeConsole(options);

    /// <summary>Where it listens.</summary>
    public Endpoint Address => _node.Address;

    /// <summary>What the members of the cluster know of the place.</summary>
    public string Role => _node.Role;

    /// <summary>Takes the place; null without a console.</summary>
    /// <exception cref="IOException">It is not free; one line.</exception>
    public static WorkerConsole? Open(ConsoleOptions? options) => options is null ? null : new WorkerConsole(options);

    /// <summary>The worker tells its user something.</summary>
    public void Told(string line) => _node.News.Add(line);

    /// <summary>Begins to answer.</summary>
    public void Start(WorkerNode worker) => _node.Start(
        worker.System, worker.Address.ToString(), run: null, isMember: true, [WorkerPalette.Handler], _ => { });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
