using System.Globalization;
using Akka.Actor;

namespace Involute.Actors.Cluster;

/// <summary>Where a process listens: <c>HOST:PORT</c>, an IPv6 address in brackets.</summary>
/// <param name="Host">Name or address that the others reach it by.</param>
/// <param name="Port">0 to 65535; 0 for any that is free.</param>
public readonly record struct Endpoint(string Host, int Port)
{
    /// <summary>Whether only processes of this machine can reach it.</summary>
    public bool IsLoopback =>
        Host is "localhost"
            || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    /// <summary>Reads <c>HOST:PORT</c>; false if it is none.</summary>
    public static bool TryParse(string text, out Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(text);
        endpoint = default;
        var colon = text.LastIndexOf(':');
        if (colon < 1
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > ushort.MaxValue)
        {
            return false;
        }

        var host = text[..colon].Trim('[', ']');
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        endpoint = new Endpoint(host, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>The address of the actor system that listens there.</summary>
    internal Address ToAddress(string protocol) => new(protocol, ClusterHocon.SystemName, Host, Port);

    /// <summary>Where an actor system listens; one that does not can be reached from this process only.</summary>
    internal static Endpoint Of(Address address) => new(address.Host ?? "localhost", address.Port ?? 0);
}
