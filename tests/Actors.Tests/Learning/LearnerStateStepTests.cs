using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Tests;
using Xunit;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Learning;

public sealed class LearnerStateStepTests
{
    [Fact]
    public void The_first_step_begins_before_any_node_is_there()
    {
        var script = new Script(withNode: false);
        Assert.Equal(0, Assert.Single(script.Wanted<PublishTheta>()).Message.Theta.Version.Value);

        script.Join("a");
        Assert.Equal([0, 1, 2], script.Placed().Select(place => place.Block.First));
        Assert.Equal(0, Assert.Single(script.Sent<ThetaPublished>()).Theta.Version.Value);
    }

    [Fact]
    public void A_step_ends_with_the_last_contribution_and_adds_in_pair_order()
    {
        // 1 + 2⁻³⁰ is 1 in float32; the sum is in double, in the order of the pairs.
        var script = new Script();
        script.Advance(2, 3);
        script.Advance(0, 1);
        Assert.Empty(script.Effects);
        script.Advance(1, 2);

        var done = Assert.Single(script.Wanted<CompleteStep>());
        Assert.Equal([0, 1, 2], done.Contributions.Select(part => part.Block.First));
        Assert.Equal(2, done.Result.GradientNorm, 12);
        Assert.Equal(1, script.Step);
        Assert.Equal(1, Assert.Single(script.Wanted<PublishTheta>()).Message.Theta.Version.Value);
    }

    [Fact]
    public void A_step_tells_where_each_block_was_computed_and_what_was_started_again()
    {
        var script = new Script();
        script.Fail(1);
        script.AdvanceAll();
        var course = Assert.Single(script.Wanted<CompleteStep>()).Course;
        Assert.Equal([0, 1, 2], course.Contributions.Select(part => part.Block.First));
        Assert.Equal(
            [.. Enumerable.Range(0, 3).Select(pair => script.Home(pair)!.Value.Path)], course.Windows.Select(window => window.Node));
        Assert.Equal(course.Windows.Select(window => window.Node).Distinct(), course.Threads.Keys);
        Assert.Equal((1, 0), (course.Restarts, course.Discarded));
    }

    [Fact]
    public void The_next_theta_is_published_before_the_step_is_recorded()
    {
        var script = new Script();
        script.AdvanceAll();
        Assert.IsType<PublishTheta>(script.Effects[0]);
        Assert.IsType<CompleteStep>(script.Effects[1]);
    }

    [Fact]
    public void Answers_that_come_twice_too_late_or_from_elsewhere_are_counted_and_ignored()
    {
        var script = new Script();
        script.AdvanceAll();
        script.Advance(0, version: 0);
        script.Advance(0, version: 2);
        script.Advance(0, attempt: 7);
        script.Advance(1);
        script.Advance(1, gradient: 99);
        script.Advance(0);
        script.Advance(2);

        Assert.Equal(4, script.State.StaleAnswers);
        Assert.Equal(1, Assert.Single(script.Wanted<CompleteStep>()).Contributions[1].Gradient.Span[0]);
    }

    [Fact]
    public void Pairs_attach_their_state_at_each_interval_and_at_the_last_step()
    {
        var script = new Script(Script.Of(outerSteps: 6));
        var attached = new List<long>();
        var saved = new List<long>();
        for (var step = 1; step <= 6; step++)
        {
            script.AdvanceAll();
            attached.AddRange(script.Wanted<PublishTheta>().Where(it => it.Message.AttachState)
                .Select(it => it.Message.Theta.Version.Value));
            saved.AddRange(script.Wanted<SaveCheckpoint>().Select(it => it.Checkpoint.Step));
            script.Do(new LedgerProtocol.CheckpointSaved(step));
        }

        Assert.Equal([3, 5], attached);
        Assert.Equal([4, 6], saved);
    }

    [Fact]
    public void A_checkpoint_holds_theta_and_the_states_of_its_own_step()
    {
        var script = new Script();
        script.AdvanceAll(4);
        var checkpoint = Assert.Single(script.Wanted<SaveCheckpoint>()).Checkpoint;
        Assert.Same(script.State.Outer, checkpoint.State);
        Assert.Equal(TestPlans.Identity, checkpoint.IdentitySha256);
        Assert.Equal([0, 1, 2], checkpoint.Pairs.Select(pair => pair.Block.First));
        Assert.Equal([[0, 3], [1, 3], [2, 3]], checkpoint.Pairs.Select(pair => pair.State.ToArray()));
    }

    [Fact]
    public void Thetas_that_fill_the_replay_memory_force_an_early_checkpoint()
    {
        var script = new Script(Script.Of(checkpointInterval: 1000) with { MaxReplayBytes = 3 * sizeof(float) });
        script.AdvanceAll(2);
        Assert.True(Assert.Single(script.Wanted<PublishTheta>()).Message.AttachState);
        script.AdvanceAll();
        Assert.Equal(3, Assert.Single(script.Wanted<SaveCheckpoint>()).Checkpoint.Step);
    }

    [Fact]
    public void A_contribution_of_another_shape_is_computed_again_not_added()
    {
        var script = new Script();
        script.AdvanceAll(3);
        script.Advance(1, state: []);
        Assert.Equal(2, Assert.Single(script.Placed()).Attempt);
        Assert.Contains("no state, which was asked for", Assert.Single(script.Wanted<Warn>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_run_ends_when_the_last_checkpoint_is_on_disk()
    {
        var script = new Script(Script.Of(outerSteps: 2));
        script.AdvanceAll(2);
        Assert.Equal(LearnerPhase.Finishing, script.State.Phase);
        script.SaveAll(2);
        Assert.Empty(script.Wanted<EndRun>());
        script.Do(new LedgerProtocol.CheckpointSaved(2));

        var outcome = Assert.Single(script.Wanted<EndRun>()).Outcome;
        Assert.Equal((RunStatus.Finished, 2L, ""), (outcome.Status, outcome.CheckpointStep, outcome.Message));
        Assert.Equal(1, outcome.MeanLoss);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_contribution_that_is_not_finite_ends_the_run_and_never_reaches_theta(float gradient)
    {
        var script = new Script();
        script.AdvanceAll();
        script.Advance(0);
        script.Advance(1, gradient);
        script.Advance(2);

        Assert.Equal(1, script.Step);
        Assert.True(script.State.Outer.Theta.IsFinite);
        Assert.Empty(script.Wanted<CompleteStep>());
        Assert.True(script.State.Phase >= LearnerPhase.Finishing, $"{script.State.Phase}");
    }
}
