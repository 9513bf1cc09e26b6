using System.Security.Cryptography;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Checkpoints;

/// <summary>
/// Ten thousand changed checkpoints and ledger events: none is taken for what was written, and none ends in anything but
/// <see cref="InvalidDataException"/>, even where the hash at the end was made to fit.
/// </summary>
public sealed class MutatedRecordTests
{
    private const int Changes = 2500;
    private const int EventCheckBytes = 8;

    [Fact]
    public void A_changed_checkpoint_is_refused()
    {
        var original = CheckpointFormat.Write(Sample.Checkpoint(50));
        for (var number = 0u; number < Changes; number++)
        {
            var changed = Mutation.Of(original, number);
            Assert.Throws<InvalidDataException>(() => CheckpointFormat.Read(changed));
        }
    }

    [Fact]
    public void A_changed_checkpoint_with_a_hash_that_fits_is_not_the_one_that_was_committed()
    {
        var original = CheckpointFormat.Write(Sample.Checkpoint(50));
        var ledger = Sample.Ledger(60);
        ledger.Apply(new CheckpointCommitted(50, 1, CheckpointFormat.HashText(original)));
        Assert.Equal(original, CommittedCheckpoint.Row(ledger, 50, original));
        for (var number = 0u; number < Changes; number++)
        {
            var changed = WithHash(Mutation.Of(original.AsSpan(..^32), number), 32);
            _ = ReadOrNull(() => CheckpointFormat.Read(changed));
            Assert.Throws<InvalidDataException>(() => CommittedCheckpoint.Row(ledger, 50, changed));
        }
    }

    [Theory]
    [MemberData(nameof(Ledger.LedgerEventFormatTests.Events), MemberType = typeof(Ledger.LedgerEventFormatTests))]
    public void A_changed_event_is_refused_and_one_with_a_hash_that_fits_is_an_event_or_refused(object written)
    {
        var original = LedgerEventFormat.Write(written);
        var manifest = LedgerEventFormat.ManifestOf(written);
        for (var number = 0u; number < Changes / 2; number++)
        {
            var changed = Mutation.Of(original, number);
            Assert.Throws<InvalidDataException>(() => LedgerEventFormat.Read(changed, manifest));
            var forged = WithHash(Mutation.Of(original.AsSpan(..^EventCheckBytes), number), EventCheckBytes);
            _ = ReadOrNull(() => LedgerEventFormat.Read(forged, manifest));
        }
    }

    private static byte[] WithHash(ReadOnlySpan<byte> body, int bytes) =>
        [.. body, .. SHA256.HashData(body).AsSpan(..bytes)];

    // Anything but a value and InvalidDataException fails the test.
    private static object? ReadOrNull(Func<object> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
