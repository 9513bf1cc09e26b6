using System.Data.Common;
using System.Net.Sockets;
using System.Runtime.Serialization;
using Involute.Runs.Ledger;
using Microsoft.Data.Sqlite;

namespace Involute.Runs.Stores;

/// <summary>Why the store did not do what it was asked, and whether asking again can help.</summary>
internal sealed record StoreFault(StoreFaultKind Kind, string Reason)
{
    /// <summary>
    /// The fault that an exception tells of. An error code of the database, however deep inside it stands, says more
    /// than what was thrown around it; the words are those of the outermost exception that is known.
    /// </summary>
    /// <param name="cause">What was thrown.</param>
    /// <param name="kindOf">Kinds of exceptions that only the caller knows; null for those that it does not.</param>
    public static StoreFault Of(Exception cause, Func<Exception, StoreFaultKind?>? kindOf = null)
    {
        ArgumentNullException.ThrowIfNull(cause);
        StoreFault? known = null;
        for (var inner = cause; inner is not null; inner = inner.InnerException)
        {
            if ((kindOf?.Invoke(inner) ?? KindOf(inner)) is not { } kind)
            {
                continue;
            }

            known ??= new StoreFault(kind, ReasonOf(inner));
            if (inner is DbException)
            {
                return known with { Kind = kind };
            }
        }

        return known ?? new StoreFault(StoreFaultKind.Unknown, ReasonOf(cause));
    }

    /// <summary>This fault, of another kind if its own is not known.</summary>
    public StoreFault OrElse(StoreFaultKind kind) => Kind == StoreFaultKind.Unknown ? this with { Kind = kind } : this;

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
        SqliteException sqlite => StoreErrors.KindOf(sqlite),
        DbException { SqlState: { Length: 5 } state } => StoreErrors.KindOf(state),

        // A path that is wrong now is wrong later.
        PathTooLongException => StoreFaultKind.Lasting,
        UnauthorizedAccessException or DirectoryNotFoundException or FileNotFoundException => StoreFaultKind.Denied,

        // The server has hung up, or cannot be reached.
        DbException or TimeoutException or OperationCanceledException or IOException => StoreFaultKind.Temporary,
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
    /// <summary>It passes: ask again later.</summary>
    Temporary,

    /// <summary>
    /// No right, no such place: it lasts where the run has never been written; where it has been, an operator can give
    /// back what was taken while the run waits.
    /// </summary>
    Denied,

    /// <summary>It lasts: asking again does not help.</summary>
    Lasting,

    /// <summary>Not known; asking again a few times may help.</summary>
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
