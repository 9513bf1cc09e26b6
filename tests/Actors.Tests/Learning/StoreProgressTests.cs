using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Learning;

public sealed class StoreProgressTests
{
    private readonly List<LearnerEffect> _effects = [];

    private static CheckpointPace Pace => new(() => 10, TimeProvider.System);

    [Fact]
    public void A_full_queue_stays_full_until_half_of_it_is_drained()
    {
        var store = new StoreProgress(0, maxUnsavedSteps: 4, Pace, _effects.Add);
        store.Recorded(3);
        Assert.False(store.HoldsUp);
        store.Recorded(4);
        Assert.True(store.HoldsUp);
        store.Receive(new LedgerProtocol.StepSaved(1));
        Assert.True(store.HoldsUp);
        store.Receive(new LedgerProtocol.StepSaved(2));
        Assert.False(store.HoldsUp);
        store.Recorded(5);
        Assert.False(store.HoldsUp);
    }

    [Fact]
    public void Of_the_checkpoints_that_fall_due_during_a_write_only_the_newest_is_written()
    {
        var store = new StoreProgress(0, 4, Pace, _effects.Add);
        Assert.Equal(1, store.Offer(Checkpoint(1))?.Step);
        Assert.Null(store.Offer(Checkpoint(2)));
        Assert.Null(store.Offer(Checkpoint(3)));
        Assert.False(store.HasCaughtUp);
        store.Receive(new LedgerProtocol.CheckpointSaved(1));
        Assert.Equal(3, Assert.Single(_effects.OfType<LearnerEffect.SaveCheckpoint>()).Checkpoint.Step);
        _effects.Clear();
        store.Receive(new LedgerProtocol.CheckpointSaved(3));
        Assert.Empty(_effects.OfType<LearnerEffect.SaveCheckpoint>());
        Assert.True(store.HasCaughtUp);
        Assert.Equal(3, store.CheckpointStep);
    }

    [Fact]
    public void A_checkpoint_that_could_not_be_written_leaves_the_one_before()
    {
        var store = new StoreProgress(0, 4, Pace, _effects.Add);
        store.Offer(Checkpoint(1));
        store.Receive(new LedgerProtocol.CheckpointSaved(1));
        store.Offer(Checkpoint(2));
        store.Receive(new LedgerProtocol.CheckpointFailed(2, "too big"));
        Assert.Empty(_effects.OfType<LearnerEffect.SaveCheckpoint>());
        Assert.Equal(1, store.CheckpointStep);
        Assert.Equal(3, store.Offer(Checkpoint(3))?.Step);
    }

    private static Checkpoint Checkpoint(long step) => new(
        new RunId("test"),
        TestPlans.Identity,
        new OuterState<float>(new Theta<float>(new ThetaVersion(step), [0]), Array.Empty<double>()),
        0,
        []);
}
