using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Involute.Runs.Stores;

/// <summary>
/// The events of a ledger in its store, in the columns of Akka.Persistence.Sql; the same SQL for SQLite and PostgreSQL.
/// </summary>
/// <remarks>
/// <b>An event is written only behind the one that its writer knows to be the last</b>, and the database does both in one
/// statement: where the last event is missing, or of another writer, nothing is written. Thus a database that is put back
/// to an earlier state under its connections (a copy of it, a standby without the last changes) gets no hole, and a
/// learner that another has replaced writes nothing, through any connection. The unique index on (ledger, number)
/// says the same of two writers at a time. Rows are counted, because a trigger or a rule can take them without an error.
/// </remarks>
/// <param name="store">Where it is.</param>
internal sealed class LedgerTable(StoreConnection store)
{
    /// <summary>Writes events in one transaction, all or none.</summary>
    /// <param name="id">The ledger.</param>
    /// <param name="before">The event behind which they come; its writer may be unknown. Number 0 for none.</param>
    /// <param name="rows">The events, with the numbers after it.</param>
    /// <param name="created">For people who look at the table.</param>
    /// <exception cref="StoreFaultException">The ledger does not end with that event, or does not take these.</exception>
    /// <exception cref="DbException">The database failed; it has all of them or none.</exception>
    public void Append(string id, LastEvent before, IReadOnlyList<LedgerRow> rows, long created)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var connection = store.Open();
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = Insertion(before, rows.Count);
        insert.Add("@id", id).Add("@created", created).Add("@before", before.Sequence);
        if (before.Writer is { } writer)
        {
            insert.Add("@writer", writer);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            insert.Add(Name('n', i), rows[i].Sequence).Add(Name('m', i), rows[i].Message)
                .Add(Name('k', i), rows[i].Manifest).Add(Name('s', i), rows[i].Serializer).Add(Name('w', i), rows[i].Writer);
        }

        var written = insert.ExecuteNonQuery();
        if (written != rows.Count)
        {
            throw Refused(connection, transaction, id, before, written, rows.Count);
        }

        transaction.Commit();
    }

    /// <summary>The events from a number on, in order; those marked as deleted included.</summary>
    public IEnumerable<LedgerRow> Read(string id, long from)
    {
        using var connection = store.Open();
        using var query = connection.CreateCommand();
        query.CommandText = """
            SELECT sequence_number, manifest, identifier, message, writer_uuid, deleted FROM journal
            WHERE persistence_id = @id AND sequence_number >= @from ORDER BY sequence_number
            """;
        query.Add("@id", id).Add("@from", from);
        using var rows = query.ExecuteReader();
        while (rows.Read())
        {
            yield return new LedgerRow(
                rows.GetInt64(0),
                rows[1] as string ?? "",
                rows.IsDBNull(2) ? 0 : rows.GetInt32(2),
                rows[3] as byte[] ?? throw new InvalidDataException($"ledger: event {rows.GetInt64(0)} has no bytes"),
                rows[4] as string ?? "",
                rows[5] is not (false or 0L));
        }
    }

    /// <summary>The number of the last event; 0 if there is none.</summary>
    public long LastSequence(string id)
    {
        using var connection = store.Open();
        return new SqlRunRecords(connection, runId: null).LastSequence(id);
    }

    // One statement: the database sees the last event and writes behind it at one moment.
    private static string Insertion(LastEvent before, int count)
    {
        var sql = new StringBuilder("""
            INSERT INTO journal
              (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            SELECT @created, FALSE, @id, column1, column2, column3, column4, column5 FROM (VALUES
            """);
        for (var i = 0; i < count; i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")} (@n{i}, @m{i}, @k{i}, @s{i}, @w{i})");
        }

        return sql.Append(") AS new WHERE ").Append(Condition(before)).ToString();
    }

    private static string Condition(LastEvent before) => before switch
    {
        { Sequence: 0 } => "@before = 0 AND NOT EXISTS (SELECT 1 FROM journal WHERE persistence_id = @id)",
        { Writer: null } => "EXISTS (SELECT 1 FROM journal WHERE persistence_id = @id AND sequence_number = @before)",
        _ => """
            EXISTS (SELECT 1 FROM journal
              WHERE persistence_id = @id AND sequence_number = @before AND writer_uuid = @writer)
            """,
    };

    private static string Name(char column, int row) => string.Create(CultureInfo.InvariantCulture, $"@{column}{row}");

    private static StoreFaultException Refused(
        DbConnection connection, DbTransaction transaction, string id, LastEvent before, int written, int all)
    {
        using var look = connection.CreateCommand();
        look.Transaction = transaction;
        look.CommandText = $"SELECT CASE WHEN {Condition(before)} THEN 1 ELSE 0 END";
        look.Add("@id", id).Add("@before", before.Sequence);
        if (before.Writer is { } writer)
        {
            look.Add("@writer", writer);
        }

        var isThere = Convert.ToInt64(look.ExecuteScalar(), CultureInfo.InvariantCulture) == 1;
        transaction.Rollback();

        // Whose fault it is tells the ledger, when it is read again.
        return isThere
            ? new StoreFaultException(
                StoreFaultKind.Lost,
                $"the database took {Math.Max(written, 0)} of {all} events without an error: look for a trigger or a rule on "
                    + "its table journal")
            : new StoreFaultException(
                StoreFaultKind.Taken, $"event {before.Sequence} of the ledger, which was acknowledged, is not there");
    }
}

/// <summary>One event as a store keeps it.</summary>
/// <param name="Sequence">Its number: 1 for the first.</param>
/// <param name="Manifest">Name and schema version.</param>
/// <param name="Serializer">Who makes and reads its bytes.</param>
/// <param name="Message">Its bytes.</param>
/// <param name="Writer">Which persistent actor wrote it; empty if the store does not say.</param>
/// <param name="IsDeleted">Whether it is marked as deleted.</param>
internal sealed record LedgerRow(
    long Sequence, string Manifest, int Serializer, byte[] Message, string Writer, bool IsDeleted = false);

/// <summary>The event that a ledger ends with, as far as a writer knows.</summary>
/// <param name="Sequence">Its number; 0 for an empty ledger.</param>
/// <param name="Writer">Which persistent actor wrote it; null if that is not known.</param>
internal sealed record LastEvent(long Sequence, string? Writer);
