using Involute.Actors.Learning;
using Involute.Estimators;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Learning;

public sealed class StoreProgressTests
{
    [Fact]
    public void A_full_queue_stays_full_until_half_of_it_is_drained()
    {
        var store = new StoreProgress(0, maxUnsavedSteps: 4);
        store.Recorded(3);
        Assert.False(store.IsFull);
        store.Recorded(4);
        Assert.True(store.IsFull);
        store.Saved(1);
        Assert.True(store.IsFull);
        store.Saved(2);
        Assert.False(store.IsFull);
        store.Recorded(5);
        Assert.False(store.IsFull);
    }

    [Fact]
    public void Of_the_checkpoints_that_fall_due_during_a_write_only_the_newest_is_written()
    {
        var store = new StoreProgress(0, 4);
        Assert.Equal(1, store.Offer(Checkpoint(1))?.Step);
        Assert.Null(store.Offer(Checkpoint(2)));
        Assert.Null(store.Offer(Checkpoint(3)));
        Assert.False(store.HasCaughtUp);
        Assert.Equal(3, store.Committed(1)?.Step);
        Assert.Null(store.Committed(3));
        Assert.True(store.HasCaughtUp);
        Assert.Equal(3, store.CheckpointStep);
    }

    [Fact]
    public void A_checkpoint_that_could_not_be_written_leaves_the_one_before()
    {
        var store = new StoreProgress(0, 4);
        store.Offer(Checkpoint(1));
        store.Committed(1);
        store.Offer(Checkpoint(2));
        Assert.Null(store.Failed());
        Assert.Equal(1, store.CheckpointStep);
        Assert.Equal(3, store.Offer(Checkpoint(3))?.Step);
    }

    private static Checkpoint Checkpoint(long step) => new(
        new RunId("test"),
        Plans.Identity,
        new OuterState<float>(new Theta<float>(new ThetaVersion(step), [0]), Array.Empty<double>()),
        0,
        []);
}
