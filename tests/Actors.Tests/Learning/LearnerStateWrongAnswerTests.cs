using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using Xunit;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Learning;

/// <summary>Answers that no worker of the run can have computed: they touch nothing, and are the worker's fault.</summary>
public sealed class LearnerStateWrongAnswerTests
{
    private static readonly PairReport Right = new(1, 0, 4, 4, 1, 0, 0, 0);

    // Pair 0 lives on a, pairs 1 and 2 on b, from step 4 on.
    private readonly Script _script = WithTwoNodes();

    public static TheoryData<PairReport, string> WrongReports() => new()
    {
        { Right with { Pair = 2 }, "a report of pair 2 in the place of pair 1" },
        { Right with { Steps = -1 }, "pair 1: -1 steps in a window" },
        { Right with { Steps = int.MaxValue }, "pair 1: 2147483647 steps in a window" },
        { Right with { InnerStepAfter = -5 }, "pair 1: from inner step 0 to -5" },
        { Right with { Resets = int.MaxValue }, "pair 1: 2147483647 resets in 4 steps" },
        { Right with { DivergedArms = 3 }, "pair 1: 3 arms of two have diverged" },
        { Right with { Steps = 0 }, "pair 1: a loss without a step" },
    };

    [Theory]
    [MemberData(nameof(WrongReports))]
    public void A_report_that_cannot_be_is_not_counted_and_the_pair_starts_again_elsewhere(
        PairReport report, string problem)
    {
        _script.Advance(1, report: report);

        Assert.Equal(
            $"node b: pair 1 cannot have answered this in outer step 5: {problem}; 1 of 3, the pairs start again from step 4",
            Assert.Single(_script.Wanted<Warn>()).Message);
        Assert.Equal(1, Assert.Single(_script.Placed("a")).Block.First);
        _script.AdvanceAll();
        Assert.Equal(5, _script.Step);
        Assert.Equal(1, Assert.Single(_script.Wanted<CompleteStep>()).Result.MeanLoss);
    }

    [Theory]
    [InlineData(float.NaN, 1, "a gradient that is not finite")]
    [InlineData(1, double.NaN, "a mean loss that is not finite")]
    [InlineData(1, double.NegativeInfinity, "a mean loss that is not finite")]
    public void What_is_not_finite_is_asked_of_another_node(float gradient, double loss, string doubt)
    {
        _script.Advance(1, gradient, report: Right with { MeanLoss = loss });
        Assert.Equal(
            $"node b: pair 1 answered {doubt} in outer step 5; another node is asked",
            Assert.Single(_script.Wanted<Warn>()).Message);
        Assert.Equal(1, Assert.Single(_script.Placed("a")).Block.First);
        _script.AdvanceAll();
        Assert.Equal(5, _script.Step);
        Assert.Equal(1, Assert.Single(_script.Wanted<CompleteStep>()).Result.MeanLoss);
    }

    [Fact]
    public void A_run_that_diverges_ends_when_two_nodes_say_so_and_no_worker_is_blamed()
    {
        _script.Join("c", slots: 4);
        _script.AdvanceAll(4);
        for (var pair = 0; pair < 3; pair++)
        {
            _script.Advance(pair, gradient: float.NaN);
            Assert.Single(_script.Wanted<Warn>());
            _script.Advance(pair, gradient: float.NaN);
            Assert.Empty(_script.Wanted<Warn>());
            Assert.Empty(_script.Wanted<ForgetNode>());
        }

        Assert.Equal(LearnerPhase.Finishing, _script.State.Phase);
        Assert.Equal(8, _script.Step);
    }

    [Fact]
    public void A_state_with_junk_reaches_no_checkpoint()
    {
        _script.SaveAll(4);
        _script.Do(new LedgerProtocol.CheckpointSaved(4));
        _script.AdvanceAll(3);
        _script.Advance(1, state: [1, 2, 3]);

        Assert.Contains("3 bytes", Assert.Single(_script.Wanted<Warn>()).Message, StringComparison.Ordinal);
        _script.Advance(1);
        _script.Advance(2);
        _script.Advance(0);
        var saved = Assert.Single(_script.Wanted<SaveCheckpoint>()).Checkpoint;
        Assert.Equal(8, saved.Step);
        Assert.All(saved.Pairs, pair => Assert.Equal(2, pair.State.Length));
    }

    [Fact]
    public void Three_wrong_answers_shut_a_node_out_until_it_is_started_again()
    {
        _script.Advance(1, state: []);
        _script.AdvanceAll(4);
        _script.Advance(1, report: Right with { DivergedArms = 9 });
        Assert.Empty(_script.Sent<NodeRefused>("b"));
        _script.Advance(2, report: Right with { Pair = 2, DivergedArms = 9 });
        Assert.Empty(_script.Sent<NodeRefused>("b"));
        _script.AdvanceAll(4);
        _script.Advance(1, report: Right with { DivergedArms = 9 });

        Assert.Equal(
            "it has answered three times what it cannot have computed",
            Assert.Single(_script.Sent<NodeRefused>("b")).Reason);
        Assert.Equal("b", Assert.Single(_script.Wanted<ForgetNode>()).Node.Path);
        Assert.Equal([1, 2], _script.Placed("a").Select(placed => placed.Block.First));
        Assert.StartsWith("node b is shut out", _script.Wanted<Warn>()[^1].Message, StringComparison.Ordinal);

        // The same process is not let in again; one that was started anew is.
        _script.JoinAgain("b");
        Assert.IsType<NodeRefused>(Assert.Single(_script.Wanted<Reply>()).Message);
        _script.Join("b");
        Assert.IsType<NodeAccepted>(Assert.Single(_script.Wanted<Reply>()).Message);
        Assert.Single(_script.Wanted<AdmitNode>());
    }

    [Fact]
    public void The_only_node_in_one_process_that_is_shut_out_ends_the_run()
    {
        var script = new Script();
        script.Advance(0, report: Right with { Pair = 0, DivergedArms = 9 });
        script.Advance(1, report: Right with { DivergedArms = 9 });
        script.Advance(2, report: Right with { Pair = 2, DivergedArms = 9 });

        var end = Assert.Single(script.Wanted<EndRun>()).Outcome;
        Assert.Equal(RunStatus.Failed, end.Status);
        Assert.StartsWith("no node is left (it was shut out)", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_cannot_speak_for_pairs_of_another()
    {
        var stale = _script.State.StaleAnswers;
        _script.Do(
            new BlockFailed(
                Script.Settings.RunId, new PairBlock(1, 1), _script.Attempt(1), new ThetaVersion(4), Fatal: true, "no"),
            _script.Home(0));

        Assert.Empty(_script.Effects);
        Assert.Equal(stale + 1, _script.State.StaleAnswers);
    }

    [Fact]
    public void What_a_worker_says_of_a_failure_is_one_line_without_control_characters()
    {
        _script.Fail(1, "Exception: \u001b[31m" + new string('x', 5000));

        var line = Assert.Single(_script.Wanted<Warn>()).Message;
        Assert.Contains("Exception: \\u001b[31mxxx", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 300, 450);
    }

    private static Script WithTwoNodes()
    {
        var script = new Script();
        script.Join("b", slots: 4);
        script.AdvanceAll(4);
        return script;
    }
}
