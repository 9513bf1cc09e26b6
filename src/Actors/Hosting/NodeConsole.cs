using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Involute.Actors.Cluster;
using Involute.Actors.Palettes;
using Involute.Actors.Protocol;
using Involute.Commands;

namespace Involute.Hosting;

/// <summary>The console of any process: its place, taken before anything is begun, and the palettes that every node has.</summary>
internal sealed class NodeConsole : IAsyncDisposable
{
    private readonly ConsoleOptions _options;
    private readonly TcpListener _listener;
    private ConsoleServer? _server;

    /// <summary>Takes the place.</summary>
    /// <exception cref="IOException">It is not free, or needs certificates; one line.</exception>
    public NodeConsole(ConsoleOptions options)
    {
        _options = options;
        _listener = options.Take();
    }

    /// <summary>What the node tells its user.</summary>
    public NodeLines News { get; } = new(TimeProvider.System);

    /// <summary>Where it listens.</summary>
    public Endpoint Address => new(_options.Listen.Host, ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>What the members of the cluster know of the place.</summary>
    public string Role => PlaceRole.Console.Of(Address);

    /// <summary>Begins to answer.</summary>
    /// <param name="system">The node's actor system.</param>
    /// <param name="node">What the node is called.</param>
    /// <param name="run">Its run; null for none.</param>
    /// <param name="isMember">Whether it belongs to a cluster.</param>
    /// <param name="palettes">Palettes of the node's own.</param>
    /// <param name="record">Hears of each command that changes something.</param>
    public void Start(
        ActorSystem system, string node, string? run, bool isMember, IReadOnlyList<PaletteHandler> palettes,
        Action<string> record)
    {
        News.PublishTo(system);
        _server = ConsoleServer.Start(_listener, new ConsoleServerOptions(
            system,
            node,
            [
                .. palettes,
                .. isMember ? [ClusterPalette.Of(TimeProvider.System)] : Array.Empty<PaletteHandler>(),
                ActorPalette.Handler,
                LogPalette.Of(News),
                VersionPalette.Of(NodeProtocol.Program),
                .. _options.Palettes,
            ])
        {
            Run = run,
            Program = NodeProtocol.Program,
            Secure = ConsoleEncryption.OfNode(_options.Encryption),
            LetsOthersChange = _options.LetsOthersChange,
            Record = line =>
            {
                News.Add($"console: {line}");
                _options.Record(line);
                record(line);
            },
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }

        _listener.Dispose();
    }
}
