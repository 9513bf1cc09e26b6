using System.Net;
using System.Net.Sockets;

namespace Involute.Actors.Cluster;

/// <summary>Whether this process can listen somewhere, and why not.</summary>
internal static class ListeningPlace
{
    /// <summary>Listens there for an instant: a run that no worker could reach is not even begun.</summary>
    /// <exception cref="IOException">It cannot; one line.</exception>
    /// <returns>The address.</returns>
    public static IPAddress Require(Endpoint place)
    {
        try
        {
            var address = Address(place.Host);
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, place.Port));
            socket.Listen();
            if (IPAddress.IsLoopback(address))
            {
                Connect((IPEndPoint)socket.LocalEndPoint!);
            }

            return address;
        }
        catch (SocketException refused)
        {
            throw Refused(place, refused);
        }
    }

    // An interface that is down has its addresses still: to listen works, to connect does not.
    private static void Connect(IPEndPoint loopback)
    {
        using var socket = new Socket(loopback.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(loopback);
    }

    /// <summary>One line for what the system said.</summary>
    public static IOException Refused(Endpoint place, SocketException refused) =>
        new($"cannot listen on {place}: {Reason(place, refused)}", refused);

    /// <summary>Whether it is the name or the address that is wrong, rather than the port.</summary>
    public static bool IsOfName(IOException refused) =>
        (refused.InnerException as SocketException)?.SocketErrorCode is not
            (SocketError.AddressAlreadyInUse or SocketError.AccessDenied);

    /// <summary>The address of a host of this machine: of several an IPv4 address, if there is one.</summary>
    /// <exception cref="SocketException">It has none.</exception>
    public static IPAddress Address(string host) =>
        IPAddress.TryParse(host, out var address)
            ? address
            : Dns.GetHostAddresses(host).MinBy(found => found.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
                ?? throw new SocketException((int)SocketError.HostNotFound);

    private static string Reason(Endpoint place, SocketException refused) => refused.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"another process listens on port {place.Port}; allowed: another port, or 0 for one that is free",
        SocketError.AddressNotAvailable or SocketError.NetworkUnreachable or SocketError.HostUnreachable
            when place.IsLoopback =>
            "this machine's loopback interface is down or lacks this address; allowed: 'ip link set lo up', or another "
                + "address of this machine",
        SocketError.AddressNotAvailable => "this machine has no such address; allowed: an address of this machine",
        SocketError.AccessDenied =>
            $"port {place.Port} is only for privileged processes; allowed: 1024 to 65535, or 0 for one that is free",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery =>
            $"the name {place.Host} does not resolve ({refused.Message}); allowed: an address or a name of this "
                + "machine",
        _ => refused.Message,
    };
}
