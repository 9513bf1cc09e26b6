using Involute.Runs.Ledger;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Ledger;

public sealed class LedgerEventFormatTests
{
    public static TheoryData<object> Events =>
    [
        new EpochStarted(3, new RunId("ümlaut"), Sample.Identity),
        new EpochStarted(4, new RunId("ümlaut"), Sample.Identity, Sample.Computation),
        new StepRecorded(7, 3, Sample.Hash("theta"), Sample.Hash("all"), Sample.Hash("chain"), double.NaN, 16),
        new SettingChanged(3, "involute.outer-steps", "100", "200"),
        new SettingChanged(3, "involute.meta-optimizer.learning-rate", "0.03", "0.01") { Step = 12, Previous = 7 },
        new SettingChanged(3, "involute.outer-steps", "100", "200")
        {
            Step = 12,
            Previous = 7,
            By = "ümlaut from 127.0.0.1:4053",
            At = new DateTimeOffset(2026, 11, 28, 12, 0, 0, 17, TimeSpan.Zero),
        },
        new CheckpointCommitted(50, 3, Sample.Hash("blob")),
        new CheckpointCommitted(50, 3, Sample.Hash("blob"), new LedgerAnchor(57, Sample.Hash("journal"), 41, 1, 2)),
        new CheckpointCommitted(
            50, 3, Sample.Hash("blob"), new LedgerAnchor(57, Sample.Hash("journal"), 41, 1, 2) { SettingSequence = 43 }),
        new CheckpointsSetAside(3, 40),
        new RunForked(1, new RunId("ümlaut"), "writer", 40, Sample.Hash("theta"), Sample.Hash("chain"), 0.5, "theta, pairs"),
    ];

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_reads_back_as_it_was_written(object written)
    {
        var read = LedgerEventFormat.Read(LedgerEventFormat.Write(written), LedgerEventFormat.ManifestOf(written));

        Assert.Equal(written, read);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_flipped_byte_is_detected(object written)
    {
        var bytes = LedgerEventFormat.Write(written);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(
                () => LedgerEventFormat.Read(bytes, LedgerEventFormat.ManifestOf(written)));
            bytes[i] ^= 0x10;
        }
    }

    [Fact]
    public void A_newer_schema_is_refused_by_name()
    {
        var bytes = LedgerEventFormat.Write(new CheckpointCommitted(50, 3, Sample.Hash("blob")));

        var refusal = Assert.Throws<InvalidDataException>(() => LedgerEventFormat.Read(bytes, "checkpoint-4"));

        Assert.Equal(
            "ledger event 'checkpoint-4': this version reads step-1, epoch-1, epoch-2, setting-1, setting-2, "
                + "setting-3, checkpoint-1, checkpoint-2, checkpoint-3, set-aside-1, forked-1",
            refusal.Message);
    }
}
