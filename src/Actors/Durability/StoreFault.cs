using System.Data.Common;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Pattern;
using Microsoft.Data.Sqlite;

namespace Involute.Actors.Durability;

/// <summary>Why the store did not do what it was asked, and whether asking again can help.</summary>
internal sealed record StoreFault(StoreFaultKind Kind, string Reason) : INoSerializationVerificationNeeded
{
    // https://sqlite.org/rescode.html
    private const int SqliteError = 1;
    private const int SqliteCorrupt = 11;
    private const int SqliteTooBig = 18;
    private const int SqliteConstraint = 19;
    private const int SqliteNotADatabase = 26;

    public static StoreFault Of(Exception cause)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
        {
            if (KindOf(inner) is { } kind)
            {
                return new StoreFault(kind, OneLine(inner.Message));
            }
        }

        return new StoreFault(StoreFaultKind.Unknown, OneLine(cause.Message));
    }

    private static StoreFaultKind? KindOf(Exception cause) => cause switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode switch
        {
            SqliteConstraint => StoreFaultKind.Held,

            // "no such table", "no such column": another program's database.
            SqliteError or SqliteCorrupt or SqliteNotADatabase => StoreFaultKind.Damaged,
            SqliteTooBig => StoreFaultKind.TooBig,

            // Busy, locked, full, read-only, I/O error, cannot open: an operator can mend it while the run waits.
            _ => StoreFaultKind.Temporary,
        },
        DbException { IsTransient: true } or TimeoutException or OperationCanceledException or OpenCircuitException
            or IOException or UnauthorizedAccessException => StoreFaultKind.Temporary,
        InvalidDataException or SerializationException or InvalidCastException => StoreFaultKind.Damaged,
        _ => null,
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}

/// <summary>What can be done about a fault.</summary>
internal enum StoreFaultKind
{
    /// <summary>Ask again later.</summary>
    Temporary,

    /// <summary>Not known; asking again later may help.</summary>
    Unknown,

    /// <summary>Not a database of this run, or no longer a sound one.</summary>
    Damaged,

    /// <summary>The place in the ledger is taken: another learner writes this run.</summary>
    Held,

    /// <summary>This one value can never be stored.</summary>
    TooBig,
}
