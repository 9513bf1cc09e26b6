using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using Involute.Runs;
using Xunit;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Learning;

public sealed class LearnerStateNodesTests
{
    private static readonly LearnerSettings Cluster = Script.Settings with { WaitsForNodes = true };

    [Fact]
    public void A_node_that_joins_gets_its_share_after_a_step_with_states_and_without_a_replay()
    {
        var script = new Script(Cluster);
        script.Join("b");
        Assert.Empty(script.Placed("b"));

        // The step in flight was published before; the next one asks for the states.
        script.AdvanceAll();
        Assert.True(Assert.Single(script.Wanted<PublishTheta>()).Message.AttachState);
        script.AdvanceAll();
        var moved = script.Placed("b");
        Assert.Equal([1, 2], moved.Select(place => place.Block.First));
        Assert.All(moved, place => Assert.Equal((2L, 0), (place.Version.Value, place.Thetas.Count)));
        Assert.All(moved, place => Assert.Equal([(byte)place.Block.First, 1], place.State.ToArray()));
        Assert.Equal([1, 2], script.Sent<ReleaseBlock>().Select(release => release.Block.First));
        Assert.False(Assert.Single(script.Wanted<PublishTheta>()).Message.AttachState);
        Assert.Empty(script.Wanted<SaveCheckpoint>());
        script.AdvanceAll();
        Assert.Equal(3, script.Step);
    }

    [Fact]
    public void Moves_come_before_the_next_theta()
    {
        var script = new Script(Cluster);
        script.Join("b");
        script.AdvanceAll(2);
        var effects = script.Effects.ToList();
        Assert.True(
            effects.FindIndex(it => it is SendToNode { Message: PlaceBlocks })
            < effects.FindIndex(it => it is PublishTheta));
    }

    [Fact]
    public void A_step_that_lasts_is_reminded_of_ever_less_often()
    {
        var script = new Script(Cluster);
        script.Advance(0);
        var reminded = new List<int>();
        for (var tick = 1; tick <= 40; tick++)
        {
            script.Do(LearnerProtocol.Tick.Instance);
            if (script.Sent<StepReminder>().Count > 0)
            {
                reminded.Add(tick);
                Assert.Equal([1, 2], script.Sent<StepReminder>()[0].Awaited.Select(awaited => awaited.Block.First));
            }
        }

        Assert.Equal([2, 4, 8, 16, 32], reminded);
    }

    [Fact]
    public void A_run_that_moves_on_is_never_reminded()
    {
        var script = new Script(Cluster);
        for (var step = 0; step < 10; step++)
        {
            script.Do(LearnerProtocol.Tick.Instance);
            Assert.Empty(script.Effects);
            script.AdvanceAll();
        }
    }

    [Fact]
    public void A_lost_theta_is_sent_again_and_that_of_another_step_is_not()
    {
        var script = new Script(Cluster);
        script.AdvanceAll();
        script.Do(new ThetaMissing(Script.Settings.RunId, new ThetaVersion(1)), new NodeIdentity("a", 1));
        Assert.Equal(1, Assert.Single(script.Sent<ThetaPublished>()).Theta.Version.Value);
        script.Do(new ThetaMissing(Script.Settings.RunId, new ThetaVersion(0)), new NodeIdentity("a", 1));
        Assert.Empty(script.Effects);
        script.Do(new ThetaMissing(Script.Settings.RunId, new ThetaVersion(1)), new NodeIdentity("nobody", 1));
        Assert.Empty(script.Effects);
    }

    [Fact]
    public void What_an_inner_problem_says_is_told_with_node_and_pair_and_steers_no_terminal()
    {
        var script = new Script(Cluster);
        script.Do(new ProblemSaid(Script.Settings.RunId, 3, "loss is \u001b[2J"), new NodeIdentity("a", 1));
        var news = Assert.IsType<Warn>(Assert.Single(script.Effects)).News(7);
        Assert.Equal(
            new RunNews("problem-said", "loss is \\u001b[2J") { Step = 7, Pair = 3 }, news);

        script.Do(new ProblemSaid(Script.Settings.RunId, null, "a stranger"), new NodeIdentity("nobody", 1));
        Assert.Empty(script.Effects);
    }

    [Fact]
    public void A_lost_placement_is_made_again_and_counts_as_no_failure()
    {
        var script = new Script(Cluster);
        for (var loss = 0; loss < 20; loss++)
        {
            script.Do(new BlockMissing(Script.Settings.RunId, new PairBlock(1, 1), script.Attempt(1), new ThetaVersion(
                script.Step)));
            Assert.Equal(loss + 2, Assert.Single(script.Placed()).Attempt);
        }

        script.Do(new BlockMissing(Script.Settings.RunId, new PairBlock(1, 1), 3, new ThetaVersion(script.Step)));
        Assert.Empty(script.Effects);
        script.AdvanceAll();
        Assert.Equal(1, script.Step);
    }

    [Fact]
    public void Pairs_that_answer_for_a_placement_that_is_over_are_told_to_end()
    {
        var script = new Script(Cluster);
        script.Fail(1);
        script.Advance(1, attempt: 1);
        Assert.Equal(
            new ReleaseBlock(Cluster.RunId, new PairBlock(1, 1), 1),
            Assert.IsType<ReleaseBlock>(Assert.Single(script.Wanted<Reply>()).Message));
        script.Advance(1);
        script.Advance(1);
        Assert.Empty(script.Wanted<Reply>());
    }
}
