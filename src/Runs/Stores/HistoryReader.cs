using System.Data.Common;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;

namespace Involute.Runs.Stores;

/// <summary>Reads a run out of the tables of Akka.Persistence.Sql; the same SQL for SQLite and PostgreSQL.</summary>
/// <param name="connection">An open connection; the caller sees to one moment for all queries.</param>
/// <param name="place">What messages call the store.</param>
/// <param name="runId">The run; null where the store holds only one.</param>
internal sealed class HistoryReader(DbConnection connection, string place, RunId? runId)
{
    private string OfRun => runId is null ? "persistence_id LIKE 'ledger-%'" : "persistence_id = @id";

    /// <summary>Whether the ledger has an event; the tables must be there.</summary>
    public bool HasBegun()
    {
        using var command = Query($"SELECT 1 FROM journal WHERE {OfRun} LIMIT 1", runId);
        return command.ExecuteScalar() is not null;
    }

    /// <summary>Reads everything.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or there is no run.</exception>
    /// <exception cref="DbException">The store has failed.</exception>
    public RunHistory Read()
    {
        var ledger = new LedgerState();
        var losses = new List<double>();
        var epochs = new List<EpochStarted>();
        var changes = new List<SettingChanged>();
        foreach (var ledgerEvent in Events())
        {
            ledger.Apply(ledgerEvent);
            switch (ledgerEvent)
            {
                case StepRecorded step:
                    losses.Add(step.MeanLoss);
                    break;
                case EpochStarted epoch:
                    epochs.Add(epoch);
                    break;
                case SettingChanged change:
                    changes.Add(change);
                    break;
                default:
                    break;
            }
        }

        var run = ledger.RunId ?? throw new InvalidDataException($"{place}: no run has been written here yet");
        var steps = CheckpointSteps(run);
        var search = Search(ledger, run);
        return new RunHistory(
            run,
            search.Found,
            search.Warnings,
            ledger.LastStep > 0 ? ledger.ThetaHash(ledger.LastStep) : null,
            losses,
            epochs,
            changes,
            steps);
    }

    private IEnumerable<ILedgerEvent> Events()
    {
        using var command = Query(
            $"SELECT message, manifest FROM journal WHERE {OfRun} ORDER BY sequence_number", runId);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return LedgerEventFormat.Read((byte[])rows[0], rows[1] as string ?? string.Empty);
        }
    }

    private List<long> CheckpointSteps(RunId run)
    {
        using var command = Query(
            "SELECT sequence_number FROM snapshot WHERE persistence_id = @id ORDER BY sequence_number", run);
        using var rows = command.ExecuteReader();
        var steps = new List<long>();
        while (rows.Read())
        {
            steps.Add(rows.GetInt64(0));
        }

        return steps;
    }

    private CheckpointSearch Search(LedgerState ledger, RunId run)
    {
        var search = new CheckpointSearch(ledger, run, identitySha256: null);
        while (search.Limit is { } limit)
        {
            try
            {
                Look(search, run, limit);
            }
            catch (DbException cause) when (StoreFault.Of(cause).Kind == StoreFaultKind.Damaged)
            {
                search.Unreadable(StoreFault.Of(cause).Reason);
            }
        }

        return search;
    }

    private void Look(CheckpointSearch search, RunId run, long limit)
    {
        using var command = Query(
            """
            SELECT sequence_number, snapshot FROM snapshot
            WHERE persistence_id = @id AND sequence_number <= @limit ORDER BY sequence_number DESC LIMIT 1
            """,
            run);
        command.Add("@limit", limit);
        using var rows = command.ExecuteReader();
        var found = rows.Read();
        search.Loaded(found ? rows.GetInt64(0) : null, found ? rows[1] : null);
    }

    private DbCommand Query(string sql, RunId? run)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        if (run is { } id)
        {
            command.Add("@id", LedgerId.Of(id));
        }

        return command;
    }
}
