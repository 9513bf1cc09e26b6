using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Runs;
using Xunit;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Learning;

public sealed class LearnerStateStoreTests
{
    [Fact]
    public void A_store_that_lags_holds_the_run_up_until_half_of_the_queue_is_drained()
    {
        var script = new Script(Script.Settings with { MaxUnsavedSteps = 4 });
        script.AdvanceAll(4);
        Assert.Equal(LearnerPhase.Paused, script.State.Phase);
        Assert.Empty(script.Wanted<PublishTheta>());

        script.Do(new LedgerProtocol.StepSaved(1));
        Assert.Empty(script.Effects);
        script.Do(new LedgerProtocol.StepSaved(2));
        Assert.Equal(4, Assert.Single(script.Wanted<PublishTheta>()).Message.Theta.Version.Value);
    }

    [Fact]
    public void A_store_that_does_not_answer_holds_the_run_up_after_the_step_in_flight()
    {
        var script = new Script();
        script.Advance(0);
        script.Do(new LedgerProtocol.StoreUnavailable("locked"));
        Assert.Contains("locked", Assert.Single(script.Wanted<Warn>()).Message, StringComparison.Ordinal);
        script.Advance(1);
        script.Advance(2);
        Assert.Equal(LearnerPhase.Paused, script.State.Phase);
        Assert.Single(script.Wanted<CompleteStep>());

        script.Do(new LedgerProtocol.StoreAvailable());
        Assert.Equal(1, Assert.Single(script.Wanted<PublishTheta>()).Message.Theta.Version.Value);
    }

    [Fact]
    public void A_stop_finishes_the_step_and_asks_for_the_states()
    {
        var script = new Script();
        script.Advance(0);
        script.Do(new LearnerProtocol.StopRun());
        Assert.Empty(script.Effects);
        script.Advance(1);
        script.Advance(2);
        Assert.Equal(LearnerPhase.SavingStates, script.State.Phase);
        Assert.Equal([0, 1, 2], script.Sent<SaveState>().Select(ask => ask.Block.First));

        SendState(script, 2);
        SendState(script, 0);
        SendState(script, 1);
        var checkpoint = Assert.Single(script.Wanted<SaveCheckpoint>()).Checkpoint;
        Assert.Equal([[50, 0], [51, 0], [52, 0]], checkpoint.Pairs.Select(pair => pair.State.ToArray()));

        script.SaveAll(1);
        script.Do(new LedgerProtocol.CheckpointSaved(1));
        var outcome = Assert.Single(script.Wanted<EndRun>()).Outcome;
        Assert.Equal((RunStatus.Interrupted, 1L), (outcome.Status, outcome.CheckpointStep));
    }

    [Fact]
    public void A_stop_at_a_checkpoint_needs_no_states()
    {
        var script = new Script();
        script.AdvanceAll(3);
        script.Do(new LearnerProtocol.StopRun());
        script.AdvanceAll();
        Assert.Equal(LearnerPhase.Finishing, script.State.Phase);
        Assert.Single(script.Wanted<SaveCheckpoint>());
        Assert.Empty(script.Sent<SaveState>());
    }

    [Fact]
    public void A_stop_without_any_node_ends_at_the_last_checkpoint()
    {
        var script = new Script(withNode: false);
        script.Do(new LearnerProtocol.StopRun());
        var outcome = Assert.Single(script.Wanted<EndRun>()).Outcome;
        Assert.Equal((RunStatus.Interrupted, 0L), (outcome.Status, outcome.CheckpointStep));
    }

    [Fact]
    public void A_stop_right_after_a_move_saves_the_states_that_the_move_has_brought()
    {
        var script = new Script(Script.Settings with { MaxUnsavedSteps = 2 });
        script.Join("b");
        script.AdvanceAll(2);
        Assert.NotEmpty(script.Placed("b"));
        Assert.Empty(script.Wanted<SaveCheckpoint>());
        Assert.Equal(LearnerPhase.Paused, script.State.Phase);

        script.Do(new LearnerProtocol.StopRun());

        var saved = Assert.Single(script.Wanted<SaveCheckpoint>()).Checkpoint;
        Assert.Equal(2, saved.Step);
        Assert.Equal([0, 1], saved.Pairs[0].State.ToArray());
        Assert.Equal(LearnerPhase.Finishing, script.State.Phase);
    }

    [Fact]
    public void A_stop_during_the_step_of_a_move_saves_the_states_that_the_move_brings()
    {
        var script = new Script();
        script.Join("b");
        script.AdvanceAll();
        script.Do(new LearnerProtocol.StopRun());
        script.AdvanceAll();
        Assert.Equal(2, Assert.Single(script.Wanted<SaveCheckpoint>()).Checkpoint.Step);
        Assert.Equal(LearnerPhase.Finishing, script.State.Phase);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_stop_does_not_wait_for_nodes_that_are_gone(int steps)
    {
        var script = new Script(Script.Settings with { WaitsForNodes = true });
        script.Do(new LearnerProtocol.StopRun());
        script.AdvanceAll(steps);
        script.SaveAll(steps);

        script.Lose("a");

        var outcome = Assert.Single(script.Wanted<EndRun>()).Outcome;
        Assert.Equal((RunStatus.Interrupted, 0L), (outcome.Status, outcome.CheckpointStep));
    }

    [Fact]
    public void A_pair_that_is_lost_while_states_are_saved_is_made_again_and_asked_again()
    {
        var script = new Script();
        script.Do(new LearnerProtocol.StopRun());
        script.AdvanceAll();
        SendState(script, 0);
        script.Fail(1);
        Assert.Equal([0], Assert.Single(script.Placed()).Thetas.Select(theta => theta.Version.Value));
        Assert.Equal(1, Assert.Single(script.Sent<SaveState>()).Block.First);

        SendState(script, 2);
        SendState(script, 1);
        Assert.Single(script.Wanted<SaveCheckpoint>());
    }

    [Fact]
    public void A_last_checkpoint_that_cannot_be_written_is_no_clean_end()
    {
        var script = new Script(Script.Of(outerSteps: 1));
        script.AdvanceAll();
        script.SaveAll(1);
        script.Do(new LedgerProtocol.CheckpointFailed(1, "too big"));
        var outcome = Assert.Single(script.Wanted<EndRun>()).Outcome;
        Assert.Equal((RunStatus.StorageFailed, 0L), (outcome.Status, outcome.CheckpointStep));
        Assert.Contains("too big", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_cannot_be_used_ends_the_run_at_once()
    {
        var script = new Script();
        script.Do(new LedgerProtocol.StoreFailed(StoreFailure.Held, "another learner"));
        var outcome = Assert.Single(script.Wanted<EndRun>()).Outcome;
        Assert.Equal((RunStatus.Held, "another learner"), (outcome.Status, outcome.Message));
        script.Do(new LedgerProtocol.StoreFailed(StoreFailure.Held, "again"));
        Assert.Empty(script.Effects);
    }

    private static void SendState(Script script, int pair) => script.Do(
        new StateSaved(
            Script.Settings.RunId,
            new(pair, 1),
            script.Attempt(pair),
            new(script.Step),
            new byte[] { (byte)(50 + pair), 0 }),
        script.Home(pair));
}
