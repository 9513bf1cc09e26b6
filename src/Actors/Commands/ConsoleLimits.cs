namespace Involute.Commands;

/// <summary>What clients of a console may cost: a run must not notice them.</summary>
public sealed record ConsoleLimits
{
    /// <summary>Connections at once; more are told so and closed.</summary>
    public int MostConnections { get; init; } = 32;

    /// <summary>Commands of one connection that are being carried out at once.</summary>
    public int MostCalls { get; init; } = 8;

    /// <summary>Greetings and commands of all connections together that are answered in a second; more of them wait.</summary>
    public int MostPerSecond { get; init; } = 100;

    /// <summary>Greetings and commands that are answered at once after a rest.</summary>
    public int Burst { get; init; } = 50;

    /// <summary>Bytes of answers that wait for one client; of one that does not read, lines are left out.</summary>
    public int MostWaitingBytes { get; init; } = 1 << 20;

    /// <summary>How long a connection may take to greet, and to encrypt.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may leave an answer unread before its connection is closed.</summary>
    public TimeSpan Unread { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the end of the node waits for commands to be answered, and answers to be read.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two frames of a connection at least, and between two that are turned away.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(5);
}
