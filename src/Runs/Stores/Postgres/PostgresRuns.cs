using System.Data.Common;
using Involute.Runs.Ledger;

namespace Involute.Runs.Stores.Postgres;

/// <summary>The runs of a database: which there are, and how one is deleted.</summary>
internal static class PostgresRuns
{
    // A session is named after its run; that of a list is named after none.
    private static readonly RunId NoRun = new("runs");

    /// <summary>The runs with events or checkpoints, by name.</summary>
    /// <remarks>From one name to the next in the index: a ledger has millions of rows, and a database few runs.</remarks>
    public static IReadOnlyList<RunId> List(PostgresAddress address) => PostgresQuery.Run(
        address.ForSession(NoRun), address.Place, connection => PostgresSchema.Exists(connection) ? List(connection) : []);

    /// <summary>Deletes all rows of a run in one transaction; the caller has claimed it.</summary>
    /// <returns>How many.</returns>
    public static int Delete(DbConnection connection, RunId run)
    {
        using var transaction = connection.BeginTransaction();
        string[] ids = [LedgerId.Of(run), .. new SqlRunRecords(connection, run).PersistenceIds];
        var deleted = 0;
        foreach (var table in new[] { "journal", "snapshot", PartTable.Name })
        {
            using var delete = connection.CreateCommand();
            delete.CommandText = $"DELETE FROM {table} WHERE persistence_id = ANY (@ids)";
            deleted += delete.Add("@ids", ids).ExecuteNonQuery();
        }

        // Who had it last is of no use any more; a role that may not delete the line leaves it.
        using var holder = connection.CreateCommand();
        holder.CommandText = """
            SELECT has_table_privilege('involute.holder', 'DELETE')
            """;
        if (holder.ExecuteScalar() is true)
        {
            holder.CommandText = "DELETE FROM holder WHERE run_id = @run";
            holder.Add("@run", run.Value).ExecuteNonQuery();
        }

        transaction.Commit();
        return deleted;
    }

    private static List<RunId> List(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE ledger(id) AS (
              SELECT min(persistence_id) FROM journal UNION ALL
              SELECT (SELECT min(persistence_id) FROM journal WHERE persistence_id > id) FROM ledger WHERE id IS NOT NULL)
            SELECT id FROM ledger WHERE id IS NOT NULL UNION SELECT persistence_id FROM snapshot
            """;
        using var rows = command.ExecuteReader();
        var runs = new List<string>();
        while (rows.Read())
        {
            if (LedgerId.RunOf(rows.GetString(0)) is { } run)
            {
                runs.Add(run);
            }
        }

        runs.Sort(StringComparer.Ordinal);
        return runs.ConvertAll(run => new RunId(run));
    }
}
