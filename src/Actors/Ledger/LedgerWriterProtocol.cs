using Akka.Actor;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <summary>
/// What <see cref="LedgerActor"/> and <see cref="LedgerWriter"/> say to each other besides <see cref="LedgerProtocol"/>.
/// </summary>
internal static class LedgerWriterProtocol
{
    /// <summary>The ledger can be written.</summary>
    public sealed record Opened(LedgerProtocol.Recovered? Recovered, long Epoch, long LastStep)
        : INoSerializationVerificationNeeded;

    /// <summary>The store has failed: the writer stops.</summary>
    public sealed record WriterFailed(StoreFault Fault) : INoSerializationVerificationNeeded;

    /// <summary>A setting to be written down: the index-th of this epoch.</summary>
    public sealed record WriteSetting(int Index, LedgerProtocol.ChangeSetting Change)
        : INoSerializationVerificationNeeded;

    /// <summary>The setting is on disk.</summary>
    public sealed record SettingSaved : INoSerializationVerificationNeeded;
}
