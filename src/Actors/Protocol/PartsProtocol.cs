using Akka.Actor;
using Involute.Runs.Checkpoints;

namespace Involute.Actors.Protocol;

/// <summary>
/// What the writer of a ledger and the actor that writes and reads the parts of checkpoints say to each other. What fails
/// is answered by <see cref="PartsFailed"/>.
/// </summary>
internal static class PartsProtocol
{
    /// <summary>Writes the parts of a checkpoint that are not there; answered by <see cref="CheckpointCut"/>.</summary>
    public sealed record CutCheckpoint(Checkpoint Checkpoint) : INoSerializationVerificationNeeded;

    /// <summary>All its parts are on disk.</summary>
    /// <param name="Manifest">The bytes that name them: the checkpoint's row.</param>
    public sealed record CheckpointCut(byte[] Manifest) : INoSerializationVerificationNeeded;

    /// <summary>Reads a checkpoint; answered by <see cref="CheckpointRead"/>.</summary>
    /// <param name="Row">Its row, which is whole.</param>
    public sealed record ReadCheckpoint(byte[] Row) : INoSerializationVerificationNeeded;

    /// <summary>It has been read; states stay in the store.</summary>
    public sealed record CheckpointRead(Checkpoint Checkpoint) : INoSerializationVerificationNeeded;

    /// <summary>Removes parts that no checkpoint names any more; not answered.</summary>
    /// <param name="LastEvent">The newest event of the ledger that this learner has written.</param>
    public sealed record DropParts(long LastEvent) : INoSerializationVerificationNeeded;

    /// <summary>The store has failed, or holds something else than it was given.</summary>
    public sealed record PartsFailed(Exception Cause) : INoSerializationVerificationNeeded;
}
