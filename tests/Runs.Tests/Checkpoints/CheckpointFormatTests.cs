using System.Buffers.Binary;
using System.Security.Cryptography;
using Involute.Runs.Checkpoints;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Checkpoints;

public sealed class CheckpointFormatTests
{
    [Fact]
    public void A_checkpoint_reads_back_as_it_was_written()
    {
        var written = Sample.Checkpoint(50);

        var read = CheckpointFormat.Read(CheckpointFormat.Write(written), Sample.Run, Sample.Identity);

        Assert.Equal(written.RunId, read.RunId);
        Assert.Equal(written.IdentitySha256, read.IdentitySha256);
        Assert.Equal(50, read.Step);
        Assert.Equal(written.MeanLoss, read.MeanLoss);
        Assert.Equal(written.State.Theta.Values, read.State.Theta.Values);
        Assert.Equal(written.State.MetaOptimizer.Span, read.State.MetaOptimizer.Span);
        Assert.Equal(written.Pairs.Select(pair => pair.Block), read.Pairs.Select(pair => pair.Block));
        Assert.Equal(
            written.Pairs.Select(pair => pair.State.ToArray()), read.Pairs.Select(pair => pair.State.ToArray()));
    }

    [Fact]
    public void A_checkpoint_before_the_first_step_keeps_its_missing_loss()
    {
        var initial = Sample.Checkpoint(0) with { MeanLoss = double.NaN, Pairs = [] };

        var read = CheckpointFormat.Read(CheckpointFormat.Write(initial));

        Assert.True(double.IsNaN(read.MeanLoss));
        Assert.Empty(read.Pairs);
    }

    [Fact]
    public void Every_flipped_bit_is_detected()
    {
        var bytes = CheckpointFormat.Write(Sample.Checkpoint(50));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => CheckpointFormat.Read(bytes));
            Assert.NotNull(CheckpointFormat.Damage(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Null(CheckpointFormat.Damage(bytes));
    }

    [Fact]
    public void Every_truncation_and_every_addition_is_detected()
    {
        var bytes = CheckpointFormat.Write(Sample.Checkpoint(50));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => CheckpointFormat.Read(bytes.AsSpan(..length)));
        }

        var longer = Assert.Throws<InvalidDataException>(() => CheckpointFormat.Read([.. bytes, 0]));
        Assert.Equal("checkpoint is damaged (SHA-256 does not match)", longer.Message);
        var shorter = Assert.Throws<InvalidDataException>(() => CheckpointFormat.Read(bytes.AsSpan(..^1)));
        Assert.Equal($"checkpoint is truncated: {bytes.Length - 1} of {bytes.Length} bytes", shorter.Message);
    }

    [Fact]
    public void A_newer_schema_is_refused_by_number()
    {
        var bytes = CheckpointFormat.Write(Sample.Checkpoint(50));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 3);

        var refusal = Assert.Throws<InvalidDataException>(() => CheckpointFormat.Read(Resealed(bytes)));

        Assert.Equal("checkpoint has schema 3, this version reads 1 and 2", refusal.Message);
    }

    [Fact]
    public void Another_run_and_other_settings_are_refused()
    {
        var bytes = CheckpointFormat.Write(Sample.Checkpoint(50));

        var run = Assert.Throws<InvalidDataException>(
            () => CheckpointFormat.Read(bytes, new RunId("other"), Sample.Identity));
        var settings = Assert.Throws<InvalidDataException>(
            () => CheckpointFormat.Read(bytes, Sample.Run, Sample.Hash("others")));

        Assert.Equal("checkpoint is of run 'run', not of 'other'", run.Message);
        Assert.Contains("other settings", settings.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    public void A_hostile_length_allocates_nothing(int length)
    {
        var bytes = CheckpointFormat.Write(Sample.Checkpoint(50));
        for (var offset = 20; offset <= bytes.Length - 36; offset++)
        {
            var hostile = bytes.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(hostile.AsSpan(offset), length);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                CheckpointFormat.Read(Resealed(hostile));
            }
            catch (InvalidDataException refusal)
            {
                Assert.DoesNotContain('\n', refusal.Message);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
    }

    private static byte[] Resealed(byte[] bytes)
    {
        SHA256.HashData(bytes.AsSpan(..^32), bytes.AsSpan(^32..));
        return bytes;
    }
}
