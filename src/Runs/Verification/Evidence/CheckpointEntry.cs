using Involute.Runs.Checkpoints;
using Involute.Runs.Stores;

namespace Involute.Runs.Verification.Evidence;

/// <summary>One checkpoint row, read.</summary>
/// <param name="Step">The outer step that its key names.</param>
/// <param name="Checkpoint">What it holds; null if it cannot be read.</param>
/// <param name="BlobSha256">The hash at the end of its bytes; null if it cannot be read.</param>
/// <param name="Damage">Why it cannot be read, in one line; null if it can.</param>
public sealed record CheckpointEntry(long Step, Checkpoint? Checkpoint, string? BlobSha256, string? Damage = null)
{
    /// <summary>Reads a row, and all its parts; states that stand in parts are not kept in memory.</summary>
    /// <param name="row">The row.</param>
    /// <param name="part">Reads a part; null if it is not there.</param>
    public static CheckpointEntry Of(CheckpointRow row, Func<StoredPart, byte[]?> part)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(part);
        if (row.Unreadable is not null)
        {
            return new CheckpointEntry(row.Step, null, null, row.Unreadable);
        }

        try
        {
            var checkpoint = CheckpointFormat.Read(row.Blob.Span, part, StateReading.Check);
            return new CheckpointEntry(row.Step, checkpoint, CheckpointFormat.HashText(row.Blob.Span));
        }
        catch (InvalidDataException unreadable)
        {
            return new CheckpointEntry(row.Step, null, null, unreadable.Message);
        }
    }
}
