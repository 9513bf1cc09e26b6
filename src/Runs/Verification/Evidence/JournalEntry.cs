using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Runs.Verification.Evidence;

/// <summary>One row of the ledger, read.</summary>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="Event">What it says; null if it cannot be read.</param>
/// <param name="Writer">Which persistent actor wrote it; null if the store does not say.</param>
/// <param name="Damage">One line about what is wrong with the row itself; null if nothing is.</param>
public sealed record JournalEntry(long Sequence, ILedgerEvent? Event, string? Writer = null, string? Damage = null)
{
    /// <summary>The row.</summary>
    internal JournalRow? Row { get; private init; }

    /// <summary>Reads a row.</summary>
    public static JournalEntry Of(JournalRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        try
        {
            var ledgerEvent = LedgerEventFormat.Read(row.Message.Span, row.Manifest);
            var damage = row.Deleted ? "the event is marked as deleted; ledger events never are" : null;
            return new JournalEntry(row.Sequence, ledgerEvent, row.Writer, damage) { Row = row };
        }
        catch (InvalidDataException unreadable)
        {
            return new JournalEntry(row.Sequence, null, row.Writer, unreadable.Message) { Row = row };
        }
    }
}
