namespace Involute.Actors.Learning;

/// <summary>A node in words that an operator knows: where its process listens, not the path of its actor.</summary>
internal static class NodeName
{
    /// <summary>Where it listens, <c>host:port</c>; null of a node in this process.</summary>
    /// <param name="path">The path of its actor, <c>akka.tcp://system@host:port/…</c>.</param>
    public static string? Address(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var from = path.IndexOf('@', StringComparison.Ordinal) + 1;
        return from == 0 ? null : path[from..].Split('/')[0];
    }

    /// <summary>Where it listens, or that it is in this process.</summary>
    public static string Place(string path) => Address(path) ?? "this process";

    /// <summary>The node in a sentence.</summary>
    public static string Of(string path) => Address(path) is { } address ? $"worker {address}" : $"node {path}";
}
