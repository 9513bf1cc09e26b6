using System.Net;
using System.Net.Sockets;
using Involute.Actors.Cluster;
using Involute.Commands;

namespace Involute.Hosting;

/// <summary>The console of a process: where it listens, and what it offers beside its own palettes.</summary>
/// <param name="Listen">Where; port 0 for any that is free. Beyond loopback only with <see cref="Encryption"/>.</param>
public sealed record ConsoleOptions(Endpoint Listen)
{
    /// <summary>Certificates: both ends show one, and only known ones are let in. Null on loopback.</summary>
    public Encryption? Encryption { get; init; }

    /// <summary>Whether who comes over a network may give commands that change something.</summary>
    public bool LetsOthersChange { get; init; }

    /// <summary>Palettes of one's own.</summary>
    public IReadOnlyList<PaletteHandler> Palettes { get; init; } = [];

    /// <summary>Hears of each command that changes something.</summary>
    public Action<string> Record { get; init; } = _ => { };

    /// <summary>Takes the place, before anything is begun; clients are answered later.</summary>
    /// <exception cref="IOException">It is not free, or needs certificates; one line.</exception>
    internal TcpListener Take()
    {
        if (!Listen.IsLoopback && Encryption is null)
        {
            throw new IOException($"the console on {Listen}: on a network it needs certificates; allowed: 127.0.0.1");
        }

        try
        {
            return ConsoleServer.Listen(new IPEndPoint(ListeningPlace.Address(Listen.Host), Listen.Port));
        }
        catch (SocketException refused)
        {
            throw ListeningPlace.Refused(Listen, refused);
        }
    }
}
