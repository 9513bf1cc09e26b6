using System.Data.Common;
using Involute.Runs.Ledger;

namespace Involute.Runs.Stores;

/// <summary>Renames checkpoints that do not count any more; the same SQL for SQLite and PostgreSQL.</summary>
internal static class CheckpointsAside
{
    /// <summary>Renames those after a step.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="runId">The run.</param>
    /// <param name="step">The last step whose checkpoint stays.</param>
    /// <returns>How many were renamed.</returns>
    public static int Set(DbConnection connection, RunId runId, long step)
    {
        var last = new SqlRunRecords(connection, runId).LastSequence(LedgerId.Of(runId));
        using var rename = connection.CreateCommand();
        rename.CommandText =
            "UPDATE snapshot SET persistence_id = @aside WHERE persistence_id = @id AND sequence_number > @step";
        return rename
            .Add("@id", LedgerId.Of(runId))
            .Add("@aside", LedgerId.SetAside(runId, last))
            .Add("@step", step)
            .ExecuteNonQuery();
    }
}
