using System.Net;
using System.Net.Sockets;

namespace Involute.Faults;

/// <summary>Addresses on this machine.</summary>
internal static class Ports
{
    /// <summary>
    /// An address on which nobody listens now. If another process takes it before it is used, the start fails visibly.
    /// </summary>
    public static string Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
