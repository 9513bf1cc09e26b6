using Akka.Actor;

namespace Involute.Commands;

/// <summary>What a console offers, to whom.</summary>
/// <param name="System">The node's actor system, in which commands are carried out.</param>
/// <param name="Node">What the node is called in a prompt.</param>
/// <param name="Palettes">The palettes, each under a name of its own.</param>
public sealed record ConsoleServerOptions(
    ActorSystem System, string Node, IReadOnlyList<PaletteHandler> Palettes)
{
    /// <summary>The run that the node takes part in; null if it has none.</summary>
    public string? Run { get; init; }

    /// <summary>Program and version, for a client.</summary>
    public string Program { get; init; } = "";

    /// <summary>
    /// Encrypts a connection and finds out who is there; null to talk in the open, which is for loopback only.
    /// </summary>
    public Func<Stream, CancellationToken, Task<Stream>>? Secure { get; init; }

    /// <summary>Whether who comes over a network may give commands that change something.</summary>
    public bool LetsOthersChange { get; init; }

    /// <summary>Hears of each command that changes something, before it is carried out or when it is refused.</summary>
    public Action<string> Record { get; init; } = _ => { };

    /// <summary>What clients may cost.</summary>
    public ConsoleLimits Limits { get; init; } = new();

    /// <summary>Measures how long clients take.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
