using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Checkpoints;

public sealed class CheckpointSearchTests
{
    [Fact]
    public void A_damaged_checkpoint_is_passed_over_by_name()
    {
        var search = Search(Sample.Ledger(60, 40, 50));
        var bytes = CheckpointFormat.Write(Sample.Checkpoint(50));
        bytes[70] ^= 1;

        search.Loaded(50, bytes);
        Assert.Equal(49, search.Limit);
        search.Loaded(40, CheckpointFormat.Write(Sample.Checkpoint(40)));

        Assert.Equal(40, search.Found?.Step);
        Assert.Null(search.Limit);
        Assert.Equal(
            "checkpoint of step 50 is passed over (checkpoint is damaged (SHA-256 does not match)): the one before it "
                + "is used",
            Assert.Single(search.Warnings));
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_passed_over_by_name()
    {
        var search = Search(Sample.Ledger(60, 40, 50));

        search.Unreadable("no serializer");
        Assert.Equal(50, search.Limit);
        search.Unreadable("no serializer");
        Assert.Equal(49, search.Limit);
        search.Loaded(40, CheckpointFormat.Write(Sample.Checkpoint(40)));

        Assert.Equal(40, search.Found?.Step);
        Assert.StartsWith("checkpoint of step 50", Assert.Single(search.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_row_that_was_never_committed_gives_way_to_the_committed_one()
    {
        var search = Search(Sample.Ledger(60, 40, 50));

        search.Unreadable("no serializer");
        search.Loaded(50, CheckpointFormat.Write(Sample.Checkpoint(50)));

        Assert.Equal(50, search.Found?.Step);
        Assert.Equal(
            "a checkpoint newer than step 50 cannot be read: that of step 50 is used", Assert.Single(search.Warnings));
    }

    [Fact]
    public void A_checkpoint_that_contradicts_the_ledger_is_passed_over()
    {
        var search = Search(Sample.Ledger(60, 40, 50));
        var other = Sample.Checkpoint(40) with { State = Sample.State(41) };

        search.Loaded(70, CheckpointFormat.Write(Sample.Checkpoint(70)));
        search.Loaded(50, CheckpointFormat.Write(Sample.Checkpoint(49)));
        search.Loaded(40, CheckpointFormat.Write(other));
        search.Loaded(null, null);

        Assert.Null(search.Found);
        Assert.Equal(4, search.Warnings.Count);
        Assert.Equal("no usable checkpoint is left: the run is recomputed from its start", search.Warnings[^1]);
    }

    [Fact]
    public void A_run_that_died_before_its_first_checkpoint_warns_of_nothing()
    {
        var search = Search(Sample.Ledger(7));

        search.Loaded(null, null);

        Assert.Null(search.Found);
        Assert.Empty(search.Warnings);
    }

    [Fact]
    public void An_intact_checkpoint_of_other_settings_ends_the_search()
    {
        var search = new CheckpointSearch(Sample.Ledger(60, 50), Sample.Run, Sample.Hash("others"));

        Assert.Throws<InvalidDataException>(() => search.Loaded(50, CheckpointFormat.Write(Sample.Checkpoint(50))));
    }

    private static CheckpointSearch Search(LedgerState ledger) => new(ledger, Sample.Run, Sample.Identity);
}
