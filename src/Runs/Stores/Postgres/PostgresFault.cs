using System.Data.Common;
using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace Involute.Runs.Stores.Postgres;

/// <summary>What the other side does wrong when it is no PostgreSQL server, or one that refuses us.</summary>
internal static class PostgresFault
{
    private const string InsufficientPrivilege = "42501";
    private const string ReadOnly = "25006";

    /// <summary>Whether an exception tells of the server, or of what answers in its place.</summary>
    public static bool IsServers(Exception cause) =>
        cause is DbException or TimeoutException or IOException || IsDrivers(cause);

    /// <summary>
    /// Whether the driver broke over an answer: it takes for granted that a server speaks as PostgreSQL does, and meets
    /// anything else with any exception of its own code.
    /// </summary>
    public static bool IsDrivers(Exception cause) =>
        cause is not (OperationCanceledException or DbException)
        && new StackTrace(cause).GetFrames().Any(
            frame => frame.GetMethod()?.DeclaringType?.Assembly == typeof(NpgsqlConnection).Assembly);

    /// <summary>Whether the server answers, and does not let this user do what a learner must.</summary>
    public static bool IsRefusal(DbException cause) => cause.SqlState is InsufficientPrivilege or ReadOnly
        or ['2', '8', ..] or ['3', 'D', ..] or ['5', '3', ..];

    /// <summary>The one line for the user.</summary>
    /// <param name="place">The run.</param>
    /// <param name="cause">What the driver threw.</param>
    /// <param name="ifTooMany">What to add where the server has no more connections.</param>
    public static StoreUnreachableException Unreachable(string place, Exception cause, string? ifTooMany = null) => new(
        (IsDrivers(cause) && cause is not (TimeoutException or IOException)) || IsSurprise(cause)
            ? $"{place}: it does not answer as a PostgreSQL server does"
            : $"{place}: {StoreFault.Of(cause).Reason}{Detail(cause)}"
                + (ifTooMany is not null && cause is DbException { SqlState: ['5', '3', ..] } ? $"; {ifTooMany}" : ""),
        cause);

    // What is wrong with a certificate, or with a file of one, is inside.
    private static string Detail(Exception cause) =>
        cause is NpgsqlException { InnerException: { } why } and not PostgresException && why is not SocketException
            ? $" ({ForeignText.Shown(why.Message)})"
            : "";

    // An answer out of turn, for which the driver blames itself.
    private static bool IsSurprise(Exception cause) =>
        cause is NpgsqlException and not PostgresException
        && cause.Message.Contains("file a bug", StringComparison.OrdinalIgnoreCase);
}
