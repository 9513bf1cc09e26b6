using System.Data.Common;
using System.Net.Sockets;
using System.Runtime.Serialization;
using Involute.Runs.Ledger;
using Microsoft.Data.Sqlite;

namespace Involute.Runs.Stores;

/// <summary>Why the store did not do what it was asked, and whether asking again can help.</summary>
internal sealed record StoreFault(StoreFaultKind Kind, string Reason)
{
    // https://sqlite.org/rescode.html
    private const int SqliteError = 1;
    private const int SqliteCorrupt = 11;
    private const int SqliteTooBig = 18;
    private const int SqliteConstraint = 19;
    private const int SqliteNotADatabase = 26;

    /// <summary>The fault that an exception tells of, or one of those inside it: the outermost that is known.</summary>
    /// <param name="cause">What was thrown.</param>
    /// <param name="kindOf">Kinds of exceptions that only the caller knows; null for those that it does not.</param>
    public static StoreFault Of(Exception cause, Func<Exception, StoreFaultKind?>? kindOf = null)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
        {
            if ((kindOf?.Invoke(inner) ?? KindOf(inner)) is { } kind)
            {
                return new StoreFault(kind, ReasonOf(inner));
            }
        }

        return new StoreFault(StoreFaultKind.Unknown, ReasonOf(cause));
    }

    /// <summary>What a reader of the store throws for a failure of its database.</summary>
    public static Exception Translate(DbException cause, string place)
    {
        var fault = Of(cause);
        var message = $"{place}: {fault.Reason}";
        return fault.Kind == StoreFaultKind.Damaged
            ? new InvalidDataException(message, cause)
            : new IOException(message, cause);
    }

    /// <summary>Why a learner may not write to a ledger; null if it may.</summary>
    /// <param name="ledger">What is in it.</param>
    /// <param name="epoch">The epoch that the learner has begun; null if none yet.</param>
    /// <param name="identity">Hash of the learner's settings that decide theta.</param>
    /// <param name="computation">What the learner's run is computed with; null if that does not matter.</param>
    public static StoreFault? Refusing(LedgerState ledger, long? epoch, string identity, Computation? computation)
    {
        if (epoch is not null && ledger.Epoch != epoch)
        {
            return new StoreFault(
                StoreFaultKind.Held,
                $"another learner has begun epoch {ledger.Epoch} of this run (this one has {epoch})");
        }

        if (ledger.IdentitySha256 is { } known && known != identity)
        {
            return new StoreFault(
                StoreFaultKind.Damaged, $"the ledger was written with other settings ({known}, now {identity})");
        }

        return epoch is null && ComputationRules.Refusal(ledger.Computation, computation) is { } reason
            ? new StoreFault(StoreFaultKind.Damaged, reason)
            : null;
    }

    private static StoreFaultKind? KindOf(Exception cause) => cause switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode switch
        {
            SqliteConstraint => StoreFaultKind.Taken,

            // "no such table", "no such column": another program's database.
            SqliteError or SqliteCorrupt or SqliteNotADatabase => StoreFaultKind.Damaged,
            SqliteTooBig => StoreFaultKind.TooBig,

            // Busy, locked, full, read-only, I/O error, cannot open: an operator can mend it while the run waits.
            _ => StoreFaultKind.Temporary,
        },
        DbException { SqlState: { Length: 5 } state } => SqlState.KindOf(state),

        // The server has hung up, or cannot be reached.
        DbException or TimeoutException or OperationCanceledException or IOException or UnauthorizedAccessException =>
            StoreFaultKind.Temporary,
        InvalidDataException or SerializationException or InvalidCastException => StoreFaultKind.Damaged,
        _ => null,
    };

    // PostgreSQL's details come after an empty line. "Failed to connect to HOST" alone does not say why.
    private static string ReasonOf(Exception cause)
    {
        var message = cause is DbException ? cause.Message.Split("\n\n")[0] : cause.Message;
        var why = cause is DbException && cause.InnerException is SocketException socket && socket.Message != message
            ? $" ({socket.Message})"
            : "";
        return ForeignText.Shown(message) + why;
    }
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

    /// <summary>Another learner writes this run.</summary>
    Held,

    /// <summary>
    /// The place in the ledger is taken: by another learner, or by a write of our own that was given up as failed and
    /// reached the disk later. The epoch tells.
    /// </summary>
    Taken,

    /// <summary>What was committed is no longer there: the database was moved, replaced or emptied.</summary>
    Lost,

    /// <summary>This one value can never be stored.</summary>
    TooBig,
}
