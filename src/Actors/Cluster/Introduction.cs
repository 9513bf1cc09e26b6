namespace Involute.Actors.Cluster;

/// <summary>What keeps a process from a member, in the order in which it is met.</summary>
internal enum Obstacle
{
    /// <summary>Nothing: the member has said its name.</summary>
    None,

    /// <summary>Its name does not resolve.</summary>
    Name,

    /// <summary>Nothing answers there.</summary>
    Port,

    /// <summary>One of the two does not accept the other's certificate, or only one of them has one.</summary>
    Certificate,

    /// <summary>Another program listens there.</summary>
    Program,
}

/// <summary>What a process has learnt about a place where a member may be.</summary>
/// <param name="Asked">The place, as it was given.</param>
/// <param name="Obstacle">What went wrong.</param>
/// <param name="Reason">One line about it; empty if nothing did.</param>
/// <param name="Name">
/// What the member calls itself. Members compare names, not addresses: one that is asked for by another name does not
/// answer.
/// </param>
/// <param name="Elsewhere">This process's own address on the way to another machine; null on the same one.</param>
internal sealed record Introduction(
    Endpoint Asked, Obstacle Obstacle, string Reason, Endpoint Name, string? Elsewhere = null)
{
    /// <summary>One that went wrong.</summary>
    public static Introduction Failed(Endpoint asked, Obstacle obstacle, string reason) =>
        new(asked, obstacle, $"{asked}: {reason}", asked);
}
