using Involute.Actors.Learning;
using Involute.Actors.Tests.Doubles;
using Involute.Estimators.Plans;
using Involute.Runs;
using Xunit;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Learning;

public sealed class LearnerStateBadNodeTests
{
    // Pair 0 lives on a, pairs 1 and 2 on b, from step 4 on.
    private readonly Script _script = WithTwoNodes();

    [Fact]
    public void A_pair_that_fails_is_tried_elsewhere_and_comes_home_with_the_next_cut()
    {
        _script.Fail(1);
        Assert.Equal(1, Assert.Single(_script.Placed("a")).Block.First);

        // A message that was lost on the way to the new node is no reason to move the pair back.
        _script.Do(new BlockMissing(Script.Settings.RunId, new PairBlock(1, 1), _script.Attempt(1), new ThetaVersion(
            _script.Step)));
        Assert.Equal(1, Assert.Single(_script.Placed("a")).Block.First);

        _script.AdvanceAll(3);
        Assert.Equal(7, _script.Step);
        Assert.Empty(_script.Placed("b"));
        _script.AdvanceAll();
        Assert.Equal(1, Assert.Single(_script.Sent<ReleaseBlock>("a")).Block.First);
        Assert.Equal(1, Assert.Single(_script.Placed("b")).Block.First);
        Assert.Empty(_script.Wanted<Warn>());
    }

    [Fact]
    public void A_pair_that_fails_everywhere_is_tried_at_home_again()
    {
        _script.Fail(1);
        _script.Fail(1);
        Assert.Equal(1, Assert.Single(_script.Placed("b")).Block.First);
    }

    [Fact]
    public void A_node_where_pairs_fail_that_do_well_elsewhere_gets_no_more()
    {
        _script.Fail(1);
        _script.Fail(2);
        _script.AdvanceAll();
        Assert.Contains("failed 1 more times", Assert.Single(_script.Wanted<Warn>()).Message, StringComparison.Ordinal);
        _script.AdvanceAll(3);
        _script.Fail(2);
        _script.Advance(2);
        _script.Advance(1);
        _script.Advance(0);

        Assert.Equal(
            "node b gets no more pairs until it is started again: 3 times pairs failed there and succeeded elsewhere; "
            + "the last failure: pair 2 failed in outer step 9 (seed 5): Exception: no",
            Assert.Single(_script.Wanted<Warn>()).Message);
        Assert.True(Assert.Single(_script.Wanted<PublishTheta>()).Message.AttachState);
        _script.AdvanceAll();
        Assert.Equal(1, Assert.Single(_script.Sent<ReleaseBlock>("b")).Block.First);
        Assert.Equal(1, Assert.Single(_script.Placed("a")).Block.First);

        // A bad node is better than none, and a node that was started again is as good as any.
        _script.Lose("a");
        Assert.Equal(3, _script.Placed("b").Count);
        _script.Join("c");
        _script.AdvanceAll(2);
        Assert.Equal(3, _script.Placed("c").Count);
        _script.Join("b");
        _script.AdvanceAll(2);
        Assert.NotEmpty(_script.Placed("b"));
    }

    [Fact]
    public void The_last_trusted_node_keeps_its_pairs_and_the_restarts_decide()
    {
        var script = new Script();
        for (var failure = 0; failure < 3; failure++)
        {
            script.Fail(0);
            script.Fail(1);
            script.Fail(2);
        }

        Assert.Equal(LearnerPhase.Stepping, script.State.Phase);
        Assert.All(script.Wanted<Warn>(), warn => Assert.DoesNotContain("no more pairs", warn.Message));
        script.Fail(1);
        Assert.Equal(RunStatus.Failed, Assert.Single(script.Wanted<EndRun>()).Outcome.Status);
    }

    [Fact]
    public void A_node_that_stops_after_a_failure_costs_the_pairs_one_restart()
    {
        var script = WithTwoNodes(Script.Settings.WithRestarts(1));
        script.Fail(1, "OutOfMemoryException: 20 GB");
        script.Lose("b");
        Assert.Equal(2, Assert.Single(script.Placed("a")).Block.First);
        script.AdvanceAll();
        Assert.Equal(5, script.Step);
    }

    private static Script WithTwoNodes(LearnerSettings? settings = null)
    {
        var script = new Script(settings);
        script.Join("b");
        script.AdvanceAll(4);
        return script;
    }
}
