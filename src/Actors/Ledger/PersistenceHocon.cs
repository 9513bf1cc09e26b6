using System.Globalization;
using Akka.Configuration;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <summary>The akka settings that a run's ledger needs.</summary>
internal static class PersistenceHocon
{
    /// <summary>The journal of this run; beside others that an actor system may have.</summary>
    public const string JournalId = "akka.persistence.journal.involute";

    /// <summary>The snapshot store of this run.</summary>
    public const string SnapshotStoreId = "akka.persistence.snapshot-store.involute";

    /// <summary>Where the writer of this run's ledger begins to read: see <see cref="LedgerStartStore"/>.</summary>
    public const string StartId = "akka.persistence.snapshot-store.involute-start";

    /// <summary>For actors that wait for the store.</summary>
    public const string BlockingDispatcher = "akka.persistence.dispatchers.default-plugin-dispatcher";

    /// <summary>
    /// HOCON for the ledger of one run. Prepend it to the user's own; it needs no other fallback.
    /// </summary>
    /// <remarks>
    /// <see cref="IRunStore.Prepare"/> makes the tables. Circuit breakers wait longer than the database's driver waits, and
    /// close soon: <see cref="LedgerActor"/> has the backoff. Ledger events go through their own binary serializer,
    /// checkpoints are raw bytes; nothing is JSON.
    /// </remarks>
    /// <param name="store">The run's store.</param>
    public static string For(IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var connection = Quote(store.Connection.ConnectionString);
        var callTimeout = store.Connection.CallTimeoutSeconds.ToString(CultureInfo.InvariantCulture);
        var serializer = TypeName(typeof(LedgerEventSerializer));
        var id = LedgerEventSerializer.Id.ToString(CultureInfo.InvariantCulture);
        return $$"""
            akka.persistence {
              journal {
                involute {
                  class = "{{TypeName(typeof(LedgerJournal))}}"
                  plugin-dispatcher = "{{BlockingDispatcher}}"
                  connection-string = {{connection}}
                  database = {{store.Connection.Database}}
                  replay-filter.mode = fail
                  circuit-breaker {
                    call-timeout = {{callTimeout}}s
                    reset-timeout = 1s
                  }
                }
              }
              snapshot-store {
                involute {
                  class = "{{TypeName(typeof(CheckpointRowStore))}}"
                  plugin-dispatcher = "{{BlockingDispatcher}}"
                  connection-string = {{connection}}
                  database = {{store.Connection.Database}}
                  circuit-breaker {
                    call-timeout = {{callTimeout}}s
                    reset-timeout = 1s
                  }
                }
                involute-start {
                  class = "{{TypeName(typeof(LedgerStartStore))}}"
                  plugin-dispatcher = "{{BlockingDispatcher}}"
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

    /// <summary>What <see cref="For"/> has told a plugin.</summary>
    public static StoreConnection ConnectionOf(Config plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        return new StoreConnection(
            Enum.Parse<StoreDatabase>(plugin.GetString("database")),
            plugin.GetString("connection-string"),
            (int)plugin.GetTimeSpan("circuit-breaker.call-timeout").TotalSeconds);
    }

    private static string TypeName(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    // A HOCON string in quotes is a JSON string: any path goes, with quotes, dollars or line breaks in it.
    private static string Quote(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
