namespace Involute.Runs.Stores;

/// <summary>
/// The checkpoints of runs in their store, in the columns of Akka.Persistence.Sql; the same SQL for SQLite and PostgreSQL.
/// </summary>
/// <param name="store">Where it is.</param>
internal sealed class CheckpointTable(StoreConnection store)
{
    // Akka's serializer of plain bytes.
    private const int PlainBytes = 4;

    /// <summary>Writes a checkpoint; one of the same step is replaced.</summary>
    /// <param name="id">The ledger.</param>
    /// <param name="step">The outer step.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="created">For people who look at the table.</param>
    /// <exception cref="StoreFaultException">The database took it without an error, and has not written it.</exception>
    public void Save(string id, long step, byte[] content, long created)
    {
        using var connection = store.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
            VALUES (@id, @step, @created, @content, '', @serializer)
            ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET
              created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest,
              serializer_id = excluded.serializer_id
            """;
        command.Add("@id", id).Add("@step", step).Add("@created", created).Add("@content", content)
            .Add("@serializer", PlainBytes);
        if (command.ExecuteNonQuery() is not 1)
        {
            throw new StoreFaultException(
                StoreFaultKind.Lost,
                "the database took a checkpoint without an error and has not written it: look for a trigger or a rule on its "
                    + "table snapshot");
        }
    }

    /// <summary>The newest checkpoint of a step within bounds; null if there is none.</summary>
    /// <exception cref="InvalidDataException">Its row holds something else than bytes.</exception>
    public StoredCheckpoint? Newest(string id, long from, long upTo)
    {
        using var connection = store.Open();
        using var query = connection.CreateCommand();
        query.CommandText = """
            SELECT sequence_number, snapshot FROM snapshot
            WHERE persistence_id = @id AND sequence_number >= @from AND sequence_number <= @upTo
            ORDER BY sequence_number DESC LIMIT 1
            """;
        using var row = query.Add("@id", id).Add("@from", from).Add("@upTo", upTo).ExecuteReader();
        return row.Read()
            ? new StoredCheckpoint(
                row.GetInt64(0),
                row[1] as byte[]
                    ?? throw new InvalidDataException($"the checkpoint of step {row.GetInt64(0)} has no bytes"))
            : null;
    }
}

/// <summary>A checkpoint as a store keeps it.</summary>
/// <param name="Step">The outer step.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record StoredCheckpoint(long Step, byte[] Content);
