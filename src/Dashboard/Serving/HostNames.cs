using System.Net;

namespace Involute.Dashboard.Serving;

/// <summary>
/// The names by which a server may be called. A page on the web may let its own name lead to this machine, and a browser would then
/// take this server for that page's; an address is no name, so addresses are always allowed.
/// </summary>
/// <param name="own">Names of this machine, or of the place where it listens.</param>
internal sealed class HostNames(params IEnumerable<string> own)
{
    private readonly HashSet<string> _names = new(own.Append("localhost"), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request for this host is answered.</summary>
    public bool Allows(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return _names.Contains(host) || IPAddress.TryParse(host.Trim('[', ']'), out _);
    }
}
