using Involute.Actors.Ledger;
using Involute.Actors.Protocol;
using Involute.Runs.Stores;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class StoreWatchTests
{
    private static readonly StoreFault Busy = new(StoreFaultKind.Temporary, "busy");

    private static readonly Backoff Twice = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 2);

    [Fact]
    public void The_learner_is_told_once_that_the_store_is_away()
    {
        var watch = new StoreWatch(Twice);

        Assert.NotNull(Assert.IsType<StoreVerdict.Retry>(watch.Failed(Busy)).News);
        Assert.Null(Assert.IsType<StoreVerdict.Retry>(watch.Failed(Busy)).News);
        var end = Assert.IsType<StoreVerdict.GiveUp>(watch.Failed(Busy));
        Assert.Equal(new LedgerProtocol.StoreFailed(StoreFailure.InputOutput, "busy"), end.Failure);
    }

    [Fact]
    public void It_is_given_up_after_ten_minutes_of_attempts_that_fail_at_once()
    {
        var time = new ManualTime();
        var watch = new StoreWatch(Backoff.Default, time);
        var (waited, news) = (TimeSpan.Zero, 0);
        while (watch.Failed(Busy) is StoreVerdict.Retry retry)
        {
            waited += retry.Pause;
            news += retry.News is null ? 0 : 1;
            time.Advance(retry.Pause);
        }

        Assert.InRange(waited, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10.1));
        Assert.Equal(1, news);
    }

    [Fact]
    public void It_is_given_up_after_ten_minutes_of_attempts_that_last()
    {
        var time = new ManualTime();
        var watch = new StoreWatch(Backoff.Default, time);
        var start = time.GetTimestamp();
        while (watch.Failed(Busy) is StoreVerdict.Retry retry)
        {
            // A table that is locked: until the command's own time is over.
            time.Advance(retry.Pause + TimeSpan.FromSeconds(30));
        }

        Assert.InRange(time.GetElapsedTime(start), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10.6));
    }

    [Fact]
    public void Ten_minutes_count_from_the_last_time_that_it_was_whole()
    {
        var time = new ManualTime();
        var watch = new StoreWatch(Backoff.Default, time);
        for (var outage = 0; outage < 5; outage++)
        {
            Assert.IsType<StoreVerdict.Retry>(watch.Failed(Busy));
            time.Advance(TimeSpan.FromMinutes(9));
            Assert.IsType<StoreVerdict.Retry>(watch.Failed(Busy));
            Assert.True(watch.Reopened(0));
        }
    }

    [Fact]
    public void It_is_back_when_all_that_was_kept_is_written()
    {
        var watch = new StoreWatch(Twice);
        watch.Failed(Busy);

        Assert.False(watch.Reopened(2));
        Assert.False(watch.Written());
        Assert.True(watch.Written());
        Assert.False(watch.Written());
    }

    [Fact]
    public void A_disk_that_can_be_read_but_not_written_is_given_up_in_the_end()
    {
        var watch = new StoreWatch(Twice);
        watch.Failed(Busy);
        watch.Reopened(1);
        watch.Failed(Busy);
        watch.Reopened(1);

        Assert.IsType<StoreVerdict.GiveUp>(watch.Failed(Busy));
    }

    [Fact]
    public void Once_it_is_back_the_count_begins_anew()
    {
        var watch = new StoreWatch(Twice);
        for (var outage = 0; outage < 10; outage++)
        {
            Assert.IsType<StoreVerdict.Retry>(watch.Failed(Busy));
            Assert.True(watch.Reopened(0));
        }
    }

    [Fact]
    public void A_place_that_is_taken_is_looked_at_again_without_telling_the_learner()
    {
        var watch = new StoreWatch(Twice);
        var taken = new StoreFault(StoreFaultKind.Taken, "reason");

        Assert.Null(Assert.IsType<StoreVerdict.Retry>(watch.Failed(taken)).News);
        Assert.Null(Assert.IsType<StoreVerdict.Retry>(watch.Failed(taken)).News);
        var end = Assert.IsType<StoreVerdict.GiveUp>(watch.Failed(taken));
        Assert.Equal(new LedgerProtocol.StoreFailed(StoreFailure.Held, "reason"), end.Failure);
    }

    [Fact]
    public void A_right_that_is_taken_away_is_waited_for_and_one_that_was_never_there_is_not()
    {
        var denied = new StoreFault(StoreFaultKind.Denied, "read-only");
        var watch = new StoreWatch(Twice);
        Assert.Equal(
            new LedgerProtocol.StoreFailed(StoreFailure.InputOutput, "read-only"),
            Assert.IsType<StoreVerdict.GiveUp>(watch.Failed(denied)).Failure);

        watch.Reopened(0);

        Assert.NotNull(Assert.IsType<StoreVerdict.Retry>(watch.Failed(denied)).News);
    }

    [Fact]
    public void What_nobody_knows_is_tried_five_times()
    {
        var watch = new StoreWatch(Backoff.Default);
        var unknown = new StoreFault(StoreFaultKind.Unknown, "?");

        for (var attempt = 1; attempt <= 5; attempt++)
        {
            Assert.IsType<StoreVerdict.Retry>(watch.Failed(unknown));
        }

        Assert.IsType<StoreVerdict.GiveUp>(watch.Failed(unknown));
    }

    [Theory]
    [InlineData(StoreFaultKind.Damaged, StoreFailure.Data)]
    [InlineData(StoreFaultKind.Held, StoreFailure.Held)]
    [InlineData(StoreFaultKind.Lasting, StoreFailure.InputOutput)]
    [InlineData(StoreFaultKind.Lost, StoreFailure.InputOutput)]
    public void What_waiting_cannot_mend_is_given_up_at_once(object kind, object failure)
    {
        var verdict = new StoreWatch(Twice).Failed(new StoreFault((StoreFaultKind)kind, "reason"));

        Assert.Equal(new StoreVerdict.GiveUp(new LedgerProtocol.StoreFailed((StoreFailure)failure, "reason")), verdict);
    }
}
