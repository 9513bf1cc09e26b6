using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;

namespace Involute.Actors.Cluster;

/// <summary>Where a process listens: <c>HOST:PORT</c>, an IPv6 address in brackets.</summary>
/// <remarks>
/// Two are equal if they are the same place as they are written: an address has one form, a name small letters. That a
/// name stands for an address only the network knows.
/// </remarks>
/// <param name="Host">Name or address that the others reach it by; an IPv6 address is kept without brackets.</param>
/// <param name="Port">0 to 65535; 0 for any that is free.</param>
public readonly record struct Endpoint(string Host, int Port)
{
    private readonly string _host = Canonical(Host);

    /// <summary>Name or address that the others reach it by.</summary>
    public string Host
    {
        get => _host;
        init => _host = Canonical(value);
    }

    /// <summary>Whether only processes of this machine can reach it.</summary>
    public bool IsLoopback =>
        Host is "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether it is all addresses of a machine, which cannot be connected to.</summary>
    internal bool IsAny => IPAddress.TryParse(Host, out var address)
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>Reads <c>HOST:PORT</c>; false if it is none.</summary>
    public static bool TryParse(string text, out Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(text);
        endpoint = default;
        var colon = text.LastIndexOf(':');
        if (colon < 1
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > ushort.MaxValue
            || !IsHost(text[..colon]))
        {
            return false;
        }

        endpoint = new Endpoint(text[..colon], port);
        return true;
    }

    /// <summary>Reads a port, which is one of 127.0.0.1, or <c>HOST:PORT</c>; false if it is neither.</summary>
    internal static bool TryParsePortOrPlace(string text, out Endpoint endpoint)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue)
        {
            endpoint = new Endpoint("127.0.0.1", port);
            return true;
        }

        return TryParse(text, out endpoint);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bracketed}:{Port}");

    /// <summary>The address of the actor system that listens there.</summary>
    internal Address ToAddress(string protocol) => new(protocol, ClusterHocon.SystemName, Bracketed, Port);

    /// <summary>Where an actor system listens; one that does not can be reached from this process only.</summary>
    internal static Endpoint Of(Address address) => new(address.Host ?? "localhost", address.Port ?? 0);

    // Actor systems write an IPv6 address as URIs do.
    private string Bracketed => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    // An address with a zone (fe80::1%eth0) means something on one machine only.
    private static bool IsHost(string text) =>
        text.StartsWith('[')
            ? text.EndsWith(']')
                && !text.Contains('%', StringComparison.Ordinal)
                && IPAddress.TryParse(text.AsSpan(1, text.Length - 2), out var address)
                && address.AddressFamily == AddressFamily.InterNetworkV6
            : Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4;

    private static string Canonical(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        }

        return host?.TrimEnd('.').ToLowerInvariant() ?? string.Empty;
    }
}
