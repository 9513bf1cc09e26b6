using System.Data.Common;
using System.Globalization;
using Involute.Runs.Checkpoints;
using Microsoft.Data.Sqlite;

namespace Involute.Runs.Stores;

/// <summary>
/// The parts of a run's checkpoints in its store, each under its hash; the same SQL for SQLite and PostgreSQL.
/// </summary>
/// <remarks>
/// A part counts when a checkpoint that is committed names it. Those that none names are left over from a crash, or from
/// checkpoints that were deleted: <see cref="Drop"/> removes them.
/// </remarks>
/// <param name="connection">An open connection.</param>
/// <param name="persistenceId">The run's ledger.</param>
internal sealed class PartTable(DbConnection connection, string persistenceId)
{
    /// <summary>Its name.</summary>
    public const string Name = "checkpoint_part";

    // Parameters of one statement, below what either database allows.
    private const int Many = 500;

    private bool _exists;

    /// <summary>
    /// Makes it, in the run's own database: only runs with large checkpoints have it. That of PostgreSQL comes with the schema.
    /// </summary>
    public void Prepare()
    {
        if (connection is SqliteConnection)
        {
            using var create = Command($"""
                CREATE TABLE IF NOT EXISTS {Name} (
                  persistence_id NVarChar(255) NOT NULL,
                  sha256 NVarChar(64) NOT NULL,
                  content VarBinary NOT NULL,
                  CONSTRAINT PK_{Name} PRIMARY KEY (persistence_id, sha256))
                """);
            create.ExecuteNonQuery();
        }
    }

    /// <summary>Whether a part is there.</summary>
    public bool Has(StoredPart part)
    {
        using var query = Command(
            $"SELECT 1 FROM {Name} WHERE persistence_id = @id AND sha256 = @sha256", ("@sha256", part.Sha256));
        return query.ExecuteScalar() is not null;
    }

    /// <summary>Whether all parts are there.</summary>
    public bool HasAll(IEnumerable<StoredPart> parts) => Exists() && parts.Select(part => part.Sha256).Distinct()
        .Chunk(Many).All(some =>
        {
            using var query = Listing($"SELECT count(*) FROM {Name} WHERE persistence_id = @id AND sha256 IN", some);
            return Convert.ToInt64(query.ExecuteScalar(), CultureInfo.InvariantCulture) == some.Length;
        });

    /// <summary>Writes a part that is not there.</summary>
    /// <exception cref="StoreFaultException">The database has not taken it, and reports no error.</exception>
    public void Add(StoredPart part, ReadOnlyMemory<byte> content)
    {
        using var insert = Command(
            $"INSERT INTO {Name} (persistence_id, sha256, content) VALUES (@id, @sha256, @content)",
            ("@sha256", part.Sha256), ("@content", Exact(content)));
        if (insert.ExecuteNonQuery() != 1)
        {
            throw new StoreFaultException(
                StoreFaultKind.Lost,
                $"the database took no part of a checkpoint, without an error: look for a trigger or a rule on its table {Name}");
        }
    }

    /// <summary>A part's bytes; null if it is not there.</summary>
    public byte[]? Read(StoredPart part)
    {
        if (!Exists())
        {
            return null;
        }

        using var query = Command(
            $"SELECT content FROM {Name} WHERE persistence_id = @id AND sha256 = @sha256", ("@sha256", part.Sha256));
        return query.ExecuteScalar() as byte[];
    }

    /// <summary>Removes the parts that no checkpoint names, unless another learner has begun an epoch.</summary>
    /// <param name="records">The run's, through this connection.</param>
    /// <param name="lastEvent">The newest event that this learner knows of.</param>
    /// <param name="isNeeded">Whether a part is of a checkpoint that is being written.</param>
    /// <returns>How many were removed.</returns>
    public int Drop(SqlRunRecords records, long lastEvent, Func<string, bool> isNeeded)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(isNeeded);
        if (!Exists())
        {
            return 0;
        }

        // At one moment, and in SQLite alone: what is looked at does not change before it is removed.
        using var transaction = connection is SqliteConnection sqlite
            ? sqlite.BeginTransaction(deferred: false)
            : connection.BeginTransaction();
        if (records.NamedParts() is not { } named)
        {
            return 0;
        }

        var unused = Keys().Where(key => !named.Contains(key) && !isNeeded(key)).ToList();
        var removed = 0;
        foreach (var some in unused.Chunk(Many))
        {
            // A learner that has begun an epoch since may be writing a checkpoint that names them.
            using var delete = Listing(
                $"""
                DELETE FROM {Name} WHERE persistence_id = @id
                  AND NOT EXISTS (SELECT 1 FROM journal WHERE persistence_id = @id
                    AND sequence_number > @last AND manifest LIKE 'epoch-%')
                  AND sha256 IN
                """,
                some);
            removed += delete.Add("@last", lastEvent).ExecuteNonQuery();
        }

        transaction.Commit();
        return removed;
    }

    /// <summary>All parts, one at a time.</summary>
    public IEnumerable<(string Sha256, byte[] Content)> All()
    {
        foreach (var key in Exists() ? Keys() : [])
        {
            using var query = Command(
                $"SELECT content FROM {Name} WHERE persistence_id = @id AND sha256 = @sha256", ("@sha256", key));
            yield return (key, query.ExecuteScalar() as byte[] ?? []);
        }
    }

    private List<string> Keys()
    {
        using var query = Command($"SELECT sha256 FROM {Name} WHERE persistence_id = @id");
        using var rows = query.ExecuteReader();
        var keys = new List<string>();
        while (rows.Read())
        {
            keys.Add(rows[0] as string ?? "");
        }

        return keys;
    }

    private bool Exists()
    {
        if (_exists)
        {
            return true;
        }

        using var query = Command(connection is SqliteConnection
            ? $"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{Name}'"
            : $"SELECT 1 WHERE to_regclass('{Name}') IS NOT NULL");
        return _exists = query.ExecuteScalar() is not null;
    }

    // Drivers want an array of their own; most parts are one.
    private static byte[] Exact(ReadOnlyMemory<byte> content) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out var array)
            && array.Offset == 0 && array.Count == array.Array!.Length
                ? array.Array
                : content.ToArray();

    private DbCommand Command(string sql, params (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Add("@id", persistenceId);
        foreach (var (name, value) in values)
        {
            command.Add(name, value);
        }

        return command;
    }

    private DbCommand Listing(string sql, string[] keys)
    {
        var command = Command($"{sql} ({string.Join(", ", keys.Select((_, i) => Key(i)))})");
        for (var i = 0; i < keys.Length; i++)
        {
            command.Add(Key(i), keys[i]);
        }

        return command;
    }

    private static string Key(int index) => string.Create(CultureInfo.InvariantCulture, $"@k{index}");
}
