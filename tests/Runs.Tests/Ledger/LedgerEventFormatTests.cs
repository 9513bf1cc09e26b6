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
        new CheckpointCommitted(50, 3, Sample.Hash("blob")),
        new CheckpointCommitted(50, 3, Sample.Hash("blob"), new LedgerAnchor(57, Sample.Hash("journal"), 41, 1, 2)),
        new CheckpointsSetAside(3, 40),
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

        var refusal = Assert.Throws<InvalidDataException>(() => LedgerEventFormat.Read(bytes, "checkpoint-3"));

        Assert.Equal(
            "ledger event 'checkpoint-3': this version reads step-1, epoch-1, epoch-2, setting-1, checkpoint-1, "
                + "checkpoint-2, set-aside-1",
            refusal.Message);
    }
}
