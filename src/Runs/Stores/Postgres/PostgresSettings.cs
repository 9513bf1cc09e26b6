using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Npgsql;

namespace Involute.Runs.Stores.Postgres;

/// <summary>Which settings of a connection string cannot work, or would give a secret away.</summary>
/// <remarks>
/// The driver notices some of these when it opens a connection, and others never: it then waits without end. No message
/// repeats a value, which may be a password in the wrong place.
/// </remarks>
internal static partial class PostgresSettings
{
    // The driver keeps one connection for the ledger and one for checkpoints.
    private const int FewestPooled = 2;
    private const int SmallestBuffer = 4096;
    private const int LargestBuffer = 64 << 20;
    private const int LongestConnect = 1024;

    // A run writes.
    private static readonly string[] Targets = ["any", "primary", "prefer-primary", "read-write"];

    /// <summary>What is wrong with a connection string, in a few words; null if nothing is.</summary>
    /// <param name="text">As the user wrote it: of a key that is there twice, the driver shows the last only.</param>
    /// <param name="settings">As the driver understands it.</param>
    public static string? Problem(string text, NpgsqlConnectionStringBuilder settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Password is not null || settings.SslPassword is not null || PasswordKey().IsMatch(text)
                ? "a password does not belong in a configuration: set PGPASSWORD, or write it to ~/.pgpass or the file "
                    + "that PGPASSFILE names"
            : settings.SearchPath is not null ? $"Search Path cannot be set: the tables are in schema {PostgresAddress.Schema}"
            : HostProblem(settings.Host) ?? NumberProblem(settings) ?? OtherProblem(settings)
                ?? DriversProblem(settings.ConnectionString);
    }

    /// <summary>Whether what is sent to the server stays on this machine.</summary>
    public static bool IsLocal(string? hosts) =>
        Hosts(hosts).All(host => IsSocketFile(host) || AddressOf(host) is { } address && IPAddress.IsLoopback(address)
            || WithoutPort(host).Equals("localhost", StringComparison.OrdinalIgnoreCase));

    private static string? HostProblem(string? hosts)
    {
        if (string.IsNullOrWhiteSpace(hosts))
        {
            return "it names no Host";
        }

        return Hosts(hosts).All(IsHost)
            ? null
            : "Host is a name, an address, a folder with the server's socket, or several of them with commas; a port may "
                + "follow a colon, 1 to 65535";
    }

    private static bool IsHost(string host) =>
        IsSocketFile(host)
        || AddressOf(host) is not null
        || Uri.CheckHostName(WithoutPort(host)) != UriHostNameType.Unknown;

    private static string[] Hosts(string? hosts) => (hosts ?? "").Split(',', StringSplitOptions.TrimEntries);

    private static bool IsSocketFile(string host) => host.StartsWith('/') || host.StartsWith('@');

    // As the driver reads it: an address of version 6 has its port, if any, behind brackets.
    private static IPAddress? AddressOf(string host) =>
        IPAddress.TryParse(WithoutPort(host), out var address) ? address : null;

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        var isAddressOfVersion6 = IPAddress.TryParse(host, out var address)
            && address.AddressFamily == AddressFamily.InterNetworkV6 && !host.Contains(']', StringComparison.Ordinal);
        return colon > 0 && !isAddressOfVersion6
            && ushort.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0
                ? host[..colon]
                : host;
    }

    private static string? NumberProblem(NpgsqlConnectionStringBuilder settings) =>
        settings.Port is < 1 or > ushort.MaxValue ? "Port is 1 to 65535"
        : settings.Timeout is < 1 or > LongestConnect ? $"Timeout is 1 to {LongestConnect} (seconds to connect)"
        : IsNoBuffer(settings.ReadBufferSize) ? $"Read Buffer Size is {SmallestBuffer} to {LargestBuffer}"
        : IsNoBuffer(settings.WriteBufferSize) ? $"Write Buffer Size is {SmallestBuffer} to {LargestBuffer}"
        : settings.MaxPoolSize < FewestPooled
            ? $"Maximum Pool Size is at least {FewestPooled}: one connection for the ledger, one for checkpoints"
        : settings.MinPoolSize > settings.MaxPoolSize ? "Minimum Pool Size is at most Maximum Pool Size"
        : null;

    private static bool IsNoBuffer(int size) => size is < SmallestBuffer or > LargestBuffer;

    private static string? OtherProblem(NpgsqlConnectionStringBuilder settings) =>
        !IsUtf8(settings.Encoding) || !IsUtf8(settings.ClientEncoding) ? "Encoding and Client Encoding are UTF8, or not set"
        : settings.Multiplexing ? "Multiplexing cannot be set: the ledger needs its own transactions"
        : settings.TargetSessionAttributes is { } target && !Targets.Contains(target.ToLowerInvariant())
            ? $"Target Session Attributes is one of {string.Join(", ", Targets)}"
        : null;

    // Settings that exclude each other; what the driver says of them may repeat a value.
    private static string? DriversProblem(string text)
    {
        try
        {
            using var source = NpgsqlDataSource.Create(text);
            return null;
        }
        catch (Exception cause) when (cause is ArgumentException or FormatException or NotSupportedException
            or InvalidOperationException)
        {
            return "its settings exclude each other";
        }
    }

    private static bool IsUtf8(string? encoding) =>
        string.IsNullOrEmpty(encoding)
        || encoding.Replace("-", "", StringComparison.Ordinal).Equals("utf8", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(password|psw|pwd)\s*=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PasswordKey();
}
