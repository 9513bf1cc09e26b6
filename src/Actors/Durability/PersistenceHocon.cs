using System.Globalization;

namespace Involute.Actors.Durability;

/// <summary>The akka settings that a run's ledger needs.</summary>
public static class PersistenceHocon
{
    /// <summary>
    /// HOCON for the ledger of one run in SQLite. Prepend it to the user's own; it needs no other fallback.
    /// </summary>
    /// <remarks>
    /// The plugin must not make its tables (<see cref="RunDatabase.Prepare"/> does). Its circuit breakers wait longer
    /// than the database's driver waits, and close soon: <see cref="LedgerActor"/> has the backoff. Ledger events go
    /// through their own binary serializer, checkpoints are raw bytes; nothing is JSON.
    /// </remarks>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="lockTimeoutSeconds">How long SQLite waits for another process's lock before the store counts as
    /// unavailable.</param>
    public static string For(string runFolder, int lockTimeoutSeconds = RunDatabase.LockTimeoutSeconds) =>
        For(RunDatabase.ConnectionString(runFolder, lockTimeoutSeconds), "SQLite.MS", 4 * lockTimeoutSeconds);

    /// <summary>HOCON for the ledger of one run in any database.</summary>
    /// <param name="connectionString">Of the database's driver.</param>
    /// <param name="provider">The database, as Linq2Db calls it.</param>
    /// <param name="callTimeoutSeconds">An operation that takes longer has failed; longer than the driver waits.</param>
    internal static string For(string connectionString, string provider, int callTimeoutSeconds)
    {
        var connection = Quote(connectionString);
        var callTimeout = callTimeoutSeconds.ToString(CultureInfo.InvariantCulture);
        var serializer = TypeName(typeof(LedgerEventSerializer));
        var id = LedgerEventSerializer.Id.ToString(CultureInfo.InvariantCulture);
        return $$"""
            akka.persistence {
              journal {
                plugin = "akka.persistence.journal.sql"
                sql {
                  class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                  plugin-dispatcher = "akka.persistence.dispatchers.default-plugin-dispatcher"
                  connection-string = {{connection}}
                  provider-name = "{{provider}}"
                  auto-initialize = off
                  parallelism = 1
                  replay-filter.mode = fail
                  circuit-breaker {
                    call-timeout = {{callTimeout}}s
                    reset-timeout = 1s
                  }
                }
              }
              snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                sql {
                  class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                  plugin-dispatcher = "akka.persistence.dispatchers.default-plugin-dispatcher"
                  connection-string = {{connection}}
                  provider-name = "{{provider}}"
                  auto-initialize = off
                  circuit-breaker {
                    call-timeout = {{callTimeout}}s
                    reset-timeout = 1s
                  }
                }
              }
            }
            akka.actor {
              serializers.involute-ledger = "{{serializer}}"
              serialization-bindings {
                "{{TypeName(typeof(ILedgerEvent))}}" = involute-ledger
              }
              serialization-identifiers {
                "{{serializer}}" = {{id}}
              }
            }
            """;
    }

    private static string TypeName(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    // A HOCON string in quotes is a JSON string: any path goes, with quotes, dollars or line breaks in it.
    private static string Quote(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
