using System.Data.Common;
using Involute.Runs.Ledger;

namespace Involute.Runs.Stores;

/// <summary>Deletes checkpoints that are of no more use; the same SQL for SQLite and PostgreSQL.</summary>
internal static class SupersededCheckpoints
{
    /// <summary>Deletes those up to a step, if the newer ones that a run keeps are there.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="runId">The run.</param>
    /// <param name="upTo">The last step whose checkpoint goes.</param>
    /// <param name="newest">The step of the newest checkpoint.</param>
    /// <param name="committed">The number of the event that commits it.</param>
    /// <returns>How many were deleted.</returns>
    public static int Delete(DbConnection connection, RunId runId, long upTo, long newest, long committed)
    {
        using var delete = connection.CreateCommand();
        delete.CommandText = """
            DELETE FROM snapshot WHERE persistence_id = @id AND sequence_number <= @upTo
              AND EXISTS (SELECT 1 FROM journal WHERE persistence_id = @id AND sequence_number = @committed)
              AND EXISTS (SELECT 1 FROM snapshot AS s WHERE s.persistence_id = @id AND s.sequence_number = @newest)
              AND @kept <= (SELECT count(*) FROM snapshot AS s
                WHERE s.persistence_id = @id AND s.sequence_number > @upTo AND s.sequence_number <= @newest)
            """;
        return delete
            .Add("@id", LedgerId.Of(runId))
            .Add("@upTo", upTo)
            .Add("@newest", newest)
            .Add("@committed", committed)
            .Add("@kept", (long)LedgerState.KeptCheckpoints)
            .ExecuteNonQuery();
    }
}
