using System.Globalization;
using Akka.Cluster;

namespace Involute.Actors.Cluster;

/// <summary>Where something of a member listens, as a role that the cluster spreads with the member.</summary>
/// <remarks>Older members do not know it and lose nothing.</remarks>
/// <param name="what">What listens there.</param>
internal sealed class PlaceRole(string what)
{
    /// <summary>Where the console of a member listens.</summary>
    public static readonly PlaceRole Console = new("console");

    /// <summary>Where a member serves HTTP.</summary>
    public static readonly PlaceRole Web = new("web");

    private readonly string _onLoopback = $"{what}-local-";
    private readonly string _onNetwork = $"{what}-open-";

    /// <summary>The role of a member with such a place.</summary>
    public string Of(Endpoint place) => string.Create(
        CultureInfo.InvariantCulture, $"{(place.IsLoopback ? _onLoopback : _onNetwork)}{place.Port}");

    /// <summary>The place of a member; null if it has none.</summary>
    public Endpoint? Find(Member member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return Find(member.Roles, Endpoint.Of(member.Address).Host);
    }

    /// <summary>The same by its roles and its host.</summary>
    public Endpoint? Find(IEnumerable<string> roles, string host)
    {
        ArgumentNullException.ThrowIfNull(roles);
        foreach (var role in roles)
        {
            if (Port(role, _onLoopback) is { } local)
            {
                return new Endpoint("127.0.0.1", local);
            }

            if (Port(role, _onNetwork) is { } open)
            {
                return new Endpoint(host, open);
            }
        }

        return null;
    }

    private static int? Port(string role, string prefix) =>
        role.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(role.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is > 0 and <= ushort.MaxValue
            ? port
            : null;
}
