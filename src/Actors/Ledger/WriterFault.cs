using Akka.Pattern;
using Akka.Persistence;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <summary>What a writer of a ledger takes for a failure of its store.</summary>
internal static class WriterFault
{
    /// <summary>The fault that an exception of Akka's plugins tells of.</summary>
    public static StoreFault Of(Exception cause) => StoreFault.Of(cause, inner => inner switch
    {
        // A circuit breaker that is open closes again by itself, and a replay that stalls waits for the database.
        OpenCircuitException or RecoveryTimedOutException => StoreFaultKind.Temporary,
        StoreFaultException known => known.Kind,
        _ => null,
    });
}
