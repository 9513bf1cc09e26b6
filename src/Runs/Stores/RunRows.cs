using System.Data.Common;
using System.Globalization;
using System.Text;
using Involute.Runs.Ledger;

namespace Involute.Runs.Stores;

/// <summary>
/// All rows that a store has of one run, to be written into another; the same SQL for SQLite and PostgreSQL. Commands take part in
/// the transaction that their connection is in.
/// </summary>
/// <param name="connection">An open connection.</param>
/// <param name="runId">The run.</param>
internal sealed class RunRows(DbConnection connection, RunId runId)
{
    // Of one statement; seven parameters each.
    private const int Many = 200;

    private const string EventColumns = "created, deleted, sequence_number, message, manifest, identifier, writer_uuid";

    private readonly string _ledger = LedgerId.Of(runId);

    /// <summary>The events, in order.</summary>
    public IEnumerable<EventRow> Events()
    {
        using var query = Command($"SELECT {EventColumns} FROM journal WHERE persistence_id = @id ORDER BY sequence_number");
        using var rows = query.ExecuteReader();
        while (rows.Read())
        {
            yield return new EventRow(
                rows.GetInt64(0),
                rows[1] is not (false or 0L),
                rows.GetInt64(2),
                rows[3] as byte[] ?? throw new InvalidDataException($"ledger: event {rows.GetInt64(2)} has no bytes"),
                rows[4] as string ?? "",
                rows.IsDBNull(5) ? null : rows.GetInt32(5),
                rows[6] as string);
        }
    }

    /// <summary>The checkpoints, those that were set aside included.</summary>
    public IReadOnlyList<SnapshotRow> Checkpoints()
    {
        var found = new List<SnapshotRow>();
        foreach (var id in new SqlRunRecords(connection, runId).PersistenceIds)
        {
            using var query = connection.CreateCommand();
            query.CommandText = """
                SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot
                WHERE persistence_id = @id ORDER BY sequence_number
                """;
            using var rows = query.Add("@id", id).ExecuteReader();
            while (rows.Read())
            {
                found.Add(new SnapshotRow(
                    id, rows.GetInt64(0), rows.GetInt64(1), rows[2] as byte[] ?? [], rows[3] as string,
                    rows.IsDBNull(4) ? null : rows.GetInt32(4)));
            }
        }

        return found;
    }

    /// <summary>Writes events.</summary>
    public void Write(IEnumerable<EventRow> events)
    {
        foreach (var some in events.Chunk(Many))
        {
            using var insert = Command("");
            var sql = new StringBuilder($"INSERT INTO journal (persistence_id, {EventColumns}) VALUES ");
            for (var i = 0; i < some.Length; i++)
            {
                sql.Append(i == 0 ? "(@id" : ", (@id");
                object?[] values =
                [
                    some[i].Created, some[i].IsDeleted, some[i].Sequence, some[i].Message, some[i].Manifest,
                    some[i].Serializer, some[i].Writer,
                ];
                for (var column = 0; column < values.Length; column++)
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"@v{i}c{column}");
                    sql.Append(", ").Append(name);
                    insert.Add(name, values[column] ?? DBNull.Value);
                }

                sql.Append(')');
            }

            insert.CommandText = sql.ToString();
            Require(insert.ExecuteNonQuery(), some.Length);
        }
    }

    /// <summary>Writes a checkpoint.</summary>
    public void Write(SnapshotRow row)
    {
        using var insert = Command(
            """
            INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
            VALUES (@id, @step, @created, @content, @manifest, @serializer)
            """,
            row.Id);
        insert.Add("@step", row.Step).Add("@created", row.Created).Add("@content", row.Content)
            .Add("@manifest", row.Manifest ?? (object)DBNull.Value).Add("@serializer", row.Serializer ?? (object)DBNull.Value);
        Require(insert.ExecuteNonQuery(), 1);
    }

    /// <summary>Writes the parts that another run's checkpoints consist of, one at a time.</summary>
    public void WriteParts(DbConnection from, RunId other)
    {
        var prepared = false;
        foreach (var (key, content) in new PartTable(from, LedgerId.Of(other)).All())
        {
            if (!prepared)
            {
                new PartTable(connection, _ledger).Prepare();
                prepared = true;
            }

            using var insert = Command(
                $"INSERT INTO {PartTable.Name} (persistence_id, sha256, content) VALUES (@id, @key, @content)");
            Require(insert.Add("@key", key).Add("@content", content).ExecuteNonQuery(), 1);
        }
    }

    private static void Require(int written, int expected)
    {
        if (written != expected)
        {
            throw new IOException(
                $"the database took {Math.Max(written, 0)} of {expected} rows without an error: look for a trigger or a rule");
        }
    }

    private DbCommand Command(string sql, string? id = null)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.Add("@id", id ?? _ledger);
    }
}

/// <summary>One event, with all that a store has of it but the name of its ledger.</summary>
internal sealed record EventRow(
    long Created, bool IsDeleted, long Sequence, byte[] Message, string Manifest, int? Serializer, string? Writer);

/// <summary>One checkpoint, with all that a store has of it.</summary>
internal sealed record SnapshotRow(string Id, long Step, long Created, byte[] Content, string? Manifest, int? Serializer);
