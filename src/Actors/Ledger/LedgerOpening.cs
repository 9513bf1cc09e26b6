using Involute.Runs;
using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Actors.Ledger;

/// <summary>What a writer of a ledger begins with.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Identity">Hash of the settings that decide theta.</param>
/// <param name="Computation">What computes, for the ledger; null to leave it out.</param>
/// <param name="At">The step of the checkpoint to go on from, if it is not the newest.</param>
/// <param name="Epoch">The epoch of the learner, if it has one already.</param>
/// <param name="Start">Where the ledger is read from; null for its beginning.</param>
internal sealed record LedgerOpening(
    RunId RunId, string Identity, Computation? Computation, long? At, long? Epoch, LedgerStart? Start);
