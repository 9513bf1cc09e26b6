using Involute.Actors.Learning;
using Involute.Runs;
using Xunit;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Learning;

public sealed class LearnerStatePlacementTests
{
    [Fact]
    public void A_failed_pair_gets_its_state_at_the_last_checkpoint_and_the_thetas_since()
    {
        var script = new Script();
        script.AdvanceAll(6);
        script.Fail(1, "DivideByZeroException: x");

        var place = Assert.Single(script.Placed());
        Assert.Equal((1, 2, 4L), (place.Block.First, place.Attempt, place.Version.Value));
        Assert.Equal([1, 3], place.State.ToArray());
        Assert.Equal([4, 5], place.Thetas.Select(theta => theta.Version.Value));
        Assert.Equal(
            "pair 1 failed in outer step 7 (seed 5): DivideByZeroException: x; restart 1 of 3, from step 4",
            Assert.Single(script.Wanted<Warn>()).Message);
    }

    [Fact]
    public void Failures_for_the_same_reason_are_told_once_in_a_step_and_counted_at_its_end()
    {
        var script = new Script();
        string? Told(int block, string error)
        {
            script.Fail(block, error);
            return script.Wanted<Warn>().SingleOrDefault()?.Message;
        }

        Assert.EndsWith("minute 301; restart 1 of 3, from step 0", Told(0, "Exception: at minute 301"), StringComparison.Ordinal);
        Assert.Null(Told(1, "Exception: at minute 302"));
        Assert.EndsWith("x; restart 1 of 3, from step 0", Told(2, "OverflowException: x"), StringComparison.Ordinal);
        Assert.Null(Told(1, "Exception: at minute 303"));

        script.AdvanceAll(1);
        Assert.Equal(
            "outer step 1: pairs failed 2 more times for the same reason, and were restarted too",
            Assert.Single(script.Wanted<Warn>()).Message);
        Assert.NotNull(Told(0, "Exception: at minute 301"));
    }

    [Fact]
    public void An_answer_of_the_attempt_before_is_stale_and_that_of_the_new_one_counts()
    {
        var script = new Script();
        script.Fail(1);
        script.Advance(1, attempt: 1);
        script.Advance(0);
        script.Advance(2);
        Assert.Equal(0, script.Step);
        script.Advance(1);
        Assert.Equal(1, script.Step);
        Assert.Equal(1, script.State.StaleAnswers);
    }

    [Fact]
    public void A_fourth_failure_in_one_step_ends_the_run()
    {
        var script = new Script();
        for (var failure = 0; failure < 3; failure++)
        {
            script.Fail(1);
        }

        Assert.Equal(LearnerPhase.Stepping, script.State.Phase);
        script.Fail(1, "Exception: again");
        var outcome = Assert.Single(script.Wanted<EndRun>()).Outcome;
        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Equal(
            "pair 1 failed in outer step 1 (seed 5): Exception: again, again after 3 restarts; "
            + "the last checkpoint is of step 0",
            outcome.Message);
    }

    [Fact]
    public void Failures_of_a_pair_are_forgiven_when_the_run_has_moved_on()
    {
        var script = new Script();
        for (var step = 0; step < 5; step++)
        {
            script.Fail(1);
            script.Fail(1);
            script.AdvanceAll();
        }

        Assert.Equal(5, script.Step);
        Assert.Equal(LearnerPhase.Stepping, script.State.Phase);
    }

    [Fact]
    public void The_blocks_of_a_lost_node_go_to_those_that_are_left()
    {
        var script = new Script();
        script.Join("b");
        Assert.Empty(script.Placed("b"));
        Assert.Single(script.Sent<ThetaPublished>("b"));
        script.AdvanceAll();
        script.Advance(0);

        script.Lose("a");
        Assert.Equal([2, 2, 2], script.Placed("b").Select(place => place.Attempt));

        // Pair 0's first answer is kept; its second one is ignored.
        script.Advance(0);
        script.Advance(1);
        script.Advance(2);
        Assert.Equal(2, script.Step);
        Assert.Equal(1, script.State.StaleAnswers);
    }

    [Fact]
    public void A_node_that_comes_back_gets_its_blocks_anew()
    {
        var script = new Script();
        script.AdvanceAll();
        script.Join("a");
        Assert.Equal([2, 2, 2], script.Placed().Select(place => place.Attempt));
        Assert.Equal(1, Assert.Single(script.Sent<ThetaPublished>()).Theta.Version.Value);
    }

    [Fact]
    public void Without_a_node_a_run_waits_only_if_another_may_come()
    {
        var local = new Script();
        local.Lose("a");
        Assert.Equal(RunStatus.Failed, Assert.Single(local.Wanted<EndRun>()).Outcome.Status);

        var cluster = new Script(Script.Settings with { WaitsForNodes = true });
        cluster.Lose("a");
        Assert.Equal(LearnerPhase.Stepping, cluster.State.Phase);
        cluster.Join("c", slots: 1);
        Assert.Equal(3, cluster.Placed("c").Count);
    }
}
