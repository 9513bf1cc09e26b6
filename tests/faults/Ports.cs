using System.Net;
using System.Net.Sockets;

namespace Involute.Faults;

/// <summary>Addresses on this machine.</summary>
internal static class Ports
{
    /// <summary>
    /// An address that nobody listens on now. Somebody may by the time it is used: then the start fails, visibly.
    /// </summary>
    public static string Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
