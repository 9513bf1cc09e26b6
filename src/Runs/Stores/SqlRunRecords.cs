using System.Data.Common;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Microsoft.Data.Sqlite;

namespace Involute.Runs.Stores;

/// <summary>
/// The records of a run in the tables of Akka.Persistence.Sql, which must be there; the same SQL for SQLite and
/// PostgreSQL.
/// </summary>
internal sealed class SqlRunRecords : IRunRecords
{
    private const long NoNumber = -1;

    private const string Row =
        "SELECT sequence_number, manifest, message, writer_uuid, deleted, created FROM journal WHERE persistence_id = @id";

    private readonly DbConnection _connection;
    private readonly Lazy<IReadOnlyList<string>> _ids;

    /// <param name="connection">An open connection; the caller sees to one moment for all queries.</param>
    /// <param name="runId">The run, where the store holds others too; null where all that it holds should be the
    /// run's.</param>
    public SqlRunRecords(DbConnection connection, RunId? runId)
    {
        _connection = connection;
        _ids = new Lazy<IReadOnlyList<string>>(() => ReadPersistenceIds(runId));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> PersistenceIds => _ids.Value;

    /// <inheritdoc/>
    public IEnumerable<JournalRow> Journal(string persistenceId, long after = 0) => after == 0
        ? Rows(Query($"{Row} ORDER BY sequence_number, ordering", persistenceId))
        : Rows(Query($"{Row} AND sequence_number > @s ORDER BY sequence_number, ordering", persistenceId)
            .Add("@s", after));

    /// <inheritdoc/>
    public IEnumerable<JournalRow> NewestFirst(string persistenceId) =>
        Rows(Query(
            $"{Row} AND (manifest IS NULL OR manifest NOT LIKE 'step-%') ORDER BY sequence_number DESC", persistenceId));

    /// <inheritdoc/>
    public JournalRow? Event(string persistenceId, long sequence) =>
        Rows(Query($"{Row} AND sequence_number = @s", persistenceId).Add("@s", sequence)).FirstOrDefault();

    /// <inheritdoc/>
    public JournalExtent Extent(string persistenceId)
    {
        using var command = Query(
            """
            SELECT count(*), min(sequence_number), max(sequence_number),
                   count(CASE WHEN deleted <> @no THEN 1 END)
            FROM journal WHERE persistence_id = @id
            """,
            persistenceId);
        using var row = command.Add("@no", _connection is SqliteConnection ? 0L : false).ExecuteReader();
        row.Read();
        return new JournalExtent((long)row[0], row[1] as long? ?? 0, row[2] as long? ?? 0, (long)row[3]);
    }

    /// <inheritdoc/>
    public long LastSequence(string persistenceId)
    {
        using var command = Query(
            "SELECT coalesce(max(sequence_number), 0) FROM journal WHERE persistence_id = @id", persistenceId);
        return (long)command.ExecuteScalar()!;
    }

    /// <inheritdoc/>
    public long CountEvents(string persistenceId, long after, long upTo)
    {
        using var command = Query(
            """
            SELECT count(*) FROM journal
            WHERE persistence_id = @id AND sequence_number > @after AND sequence_number <= @upTo
            """,
            persistenceId);
        return (long)command.Add("@after", after).Add("@upTo", upTo).ExecuteScalar()!;
    }

    /// <inheritdoc/>
    public long LastEpoch(string persistenceId)
    {
        var last = Rows(Query($"{Row} ORDER BY sequence_number DESC LIMIT 1", persistenceId)).FirstOrDefault();
        return last is null ? 0 : LedgerEventFormat.Read(last.Message.Span, last.Manifest).Epoch;
    }

    /// <inheritdoc/>
    /// <remarks>PostgreSQL checks its pages itself, if the server is told to.</remarks>
    public IReadOnlyList<string> StorageProblems()
    {
        if (_connection is not SqliteConnection)
        {
            return [];
        }

        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(5)";
        using var rows = command.ExecuteReader();
        var problems = new List<string>();
        while (rows.Read())
        {
            problems.Add(rows.GetString(0).ReplaceLineEndings(" "));
        }

        return problems is ["ok"] ? [] : problems;
    }

    /// <inheritdoc/>
    public string? FirstWriter(string persistenceId)
    {
        using var command = Query(
            "SELECT writer_uuid FROM journal WHERE persistence_id = @id ORDER BY sequence_number LIMIT 1", persistenceId);
        return command.ExecuteScalar() as string;
    }

    /// <inheritdoc/>
    public bool HasCheckpoint(string persistenceId, long step)
    {
        using var command = Query(
            """
            SELECT CASE WHEN substr(snapshot, 1, 12) = @manifest THEN snapshot ELSE substr(snapshot, 1, 12) END
            FROM snapshot WHERE persistence_id = @id AND sequence_number = @step
            """,
            persistenceId);
        return command.Add("@step", step).Add("@manifest", CheckpointManifest.FirstBytes).ExecuteScalar() is { } row
            && (Manifest(row) is not { } manifest || new PartTable(_connection, persistenceId).HasAll(manifest.Parts));
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointRow> Checkpoints(string persistenceId)
    {
        // One by one: a row that cannot be read must not hide the others.
        foreach (var step in CheckpointSteps(persistenceId))
        {
            yield return ReadCheckpoint(persistenceId, step);
        }
    }

    /// <inheritdoc/>
    public byte[]? Part(string persistenceId, StoredPart part) => new PartTable(_connection, persistenceId).Read(part);

    /// <summary>
    /// The hashes of all parts that a checkpoint of the run names, those that were set aside included; null if a checkpoint
    /// is damaged: which it named is not known.
    /// </summary>
    public IReadOnlySet<string>? NamedParts()
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var persistenceId in PersistenceIds)
        {
            using var command = Query(
                """
                SELECT snapshot FROM snapshot
                WHERE persistence_id = @id AND coalesce(substr(snapshot, 1, 12) <> @whole, @yes)
                """,
                persistenceId);
            command.Add("@whole", CheckpointFormat.FirstBytes).Add("@yes", _connection is SqliteConnection ? 1L : true);
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                if (Manifest(rows[0]) is not { } manifest)
                {
                    return null;
                }

                named.UnionWith(manifest.Parts.Select(part => part.Sha256));
            }
        }

        return named;
    }

    private static CheckpointManifest? Manifest(object row) =>
        row is byte[] bytes && CheckpointFormat.Damage(bytes) is null && CheckpointManifest.Is(bytes)
            ? CheckpointManifest.Read(bytes)
            : null;

    private static IEnumerable<JournalRow> Rows(DbCommand query)
    {
        using var command = query;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            // SQLite stores anything in any column: a value of another kind is a violation, and no reason to stop reading.
            yield return new JournalRow(
                rows[0] as long? ?? NoNumber,
                rows[1] as string ?? string.Empty,
                rows[2] as byte[] ?? [],
                rows[3] as string,
                rows[4] is not (false or 0L))
            {
                Created = rows[5] is long ticks && ticks > 0 && ticks <= DateTime.MaxValue.Ticks
                    ? new DateTimeOffset(ticks, TimeSpan.Zero)
                    : null,
            };
        }
    }

    private List<long> CheckpointSteps(string persistenceId)
    {
        using var command = Query(
            "SELECT sequence_number FROM snapshot WHERE persistence_id = @id ORDER BY sequence_number", persistenceId);
        using var rows = command.ExecuteReader();
        var steps = new List<long>();
        while (rows.Read())
        {
            steps.Add(rows[0] as long? ?? NoNumber);
        }

        return steps;
    }

    private CheckpointRow ReadCheckpoint(string persistenceId, long step)
    {
        using var command = Query(
            "SELECT snapshot FROM snapshot WHERE persistence_id = @id AND sequence_number = @step", persistenceId);
        command.Add("@step", step);
        try
        {
            return new CheckpointRow(step, command.ExecuteScalar() as byte[] ?? []);
        }
        catch (DbException cause) when (StoreFault.Of(cause) is { Kind: StoreFaultKind.Damaged } fault)
        {
            return new CheckpointRow(step, default, fault.Reason);
        }
    }

    // From one name to the next in the index: a ledger has millions of rows, and its database few names.
    private List<string> ReadPersistenceIds(RunId? runId)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = runId is null
            ? """
              WITH RECURSIVE ledger(id) AS (
                SELECT min(persistence_id) FROM journal UNION ALL
                SELECT (SELECT min(persistence_id) FROM journal WHERE persistence_id > id) FROM ledger WHERE id IS NOT NULL)
              SELECT id FROM ledger WHERE id IS NOT NULL
              UNION SELECT persistence_id FROM journal WHERE persistence_id IS NULL
              UNION SELECT persistence_id FROM snapshot ORDER BY 1
              """
            : """
              SELECT persistence_id FROM (SELECT persistence_id FROM journal WHERE persistence_id = @id LIMIT 1) AS own
              UNION SELECT persistence_id FROM snapshot ORDER BY persistence_id
              """;
        if (runId is { } only)
        {
            command.Add("@id", LedgerId.Of(only));
        }

        using var rows = command.ExecuteReader();
        var ids = new List<string>();
        while (rows.Read())
        {
            var id = rows[0] as string ?? "(no name)";
            if (runId is not { } run || id == LedgerId.Of(run) || LedgerId.IsSetAside(id, run))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private DbCommand Query(string sql, string persistenceId)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.Add("@id", persistenceId);
    }
}
