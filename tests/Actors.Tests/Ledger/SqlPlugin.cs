using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.TestKit.Xunit;
using Involute.Actors.Ledger;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Tests;

namespace Involute.Actors.Tests.Ledger;

/// <summary>Akka.Persistence.Sql on a store of ours, whose tables and rows are those of that plugin.</summary>
internal static class SqlPlugin
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Makes the tables that are missing, and reads the run's events and its newest checkpoint.</summary>
    public static async Task<(List<ILedgerEvent> Events, SelectedSnapshot? Checkpoint)> ReadAsync(IRunStore store)
    {
        var provider = store.Connection.Database == StoreDatabase.Sqlite ? "SQLite.MS" : "PostgreSQL.15";
        var hocon = PersistenceHocon.For(store) + $$"""

            akka.loglevel = OFF
            {{PersistenceHocon.SnapshotStoreId}} {
              class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
              provider-name = "{{provider}}"
              auto-initialize = on
            }
            {{PersistenceHocon.JournalId}} {
              class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
              provider-name = "{{provider}}"
              auto-initialize = on
            }
            """;
        var system = ActorSystem.Create("plugin", ConfigurationFactory.ParseString(hocon));
        var plugins = Persistence.Instance.Apply(system);
        var reader = new TestKit(system).CreateTestProbe();
        plugins.JournalFor(PersistenceHocon.JournalId).Tell(
            new ReplayMessages(1, long.MaxValue, long.MaxValue, LedgerId.Of(Sample.Run), reader.Ref));
        var events = new List<ILedgerEvent>();
        await reader.FishForMessageAsync(
            message =>
            {
                if (message is ReplayedMessage row)
                {
                    events.Add((ILedgerEvent)row.Persistent.Payload);
                }

                return message is RecoverySuccess;
            },
            Patience);
        var newest = await plugins.SnapshotStoreFor(PersistenceHocon.SnapshotStoreId).Ask<LoadSnapshotResult>(
            new LoadSnapshot(LedgerId.Of(Sample.Run), SnapshotSelectionCriteria.Latest, long.MaxValue), Patience);
        await system.Terminate();
        return (events, newest.Snapshot);
    }
}
