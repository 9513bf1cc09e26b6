using Involute.Actors.Pairs;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Tests;
using Xunit;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Pairs;

public sealed class PlacedPairsTests
{
    private static readonly TrainingPlan<float> Plan = TestPlans.Sgd();
    private static readonly PlaceBlock Placement =
        new(new RunId("test"), new PairBlock(1, 1), 3, new ThetaVersion(0), default, []);

    [Fact]
    public void Pairs_that_were_left_behind_by_a_lost_theta_ask_to_be_placed_anew()
    {
        using var pairs = new PlacedPairs(Plan, new ComputeSlots<float>());
        pairs.Receive(Placement);
        Assert.Null(pairs.Receive(Theta(1)));

        var missing = Assert.IsType<BlockMissing>(pairs.Receive(new RepeatAnswer(new ThetaVersion(1))));

        Assert.Equal(new BlockMissing(Placement.RunId, Placement.Block, 3, new ThetaVersion(1)), missing);
    }

    [Fact]
    public void Pairs_repeat_their_last_answer_and_wait_for_a_theta_that_may_still_come()
    {
        using var pairs = new PlacedPairs(Plan, new ComputeSlots<float>());
        pairs.Receive(Placement);
        Assert.Null(pairs.Receive(new RepeatAnswer(new ThetaVersion(0))));

        var answer = pairs.Receive(Theta(0));

        Assert.NotNull(answer);
        Assert.Same(answer, pairs.Receive(new RepeatAnswer(new ThetaVersion(0))));
        Assert.Null(pairs.Receive(new RepeatAnswer(new ThetaVersion(1))));
    }

    private static ThetaPublished Theta(long version) => new(
        Placement.RunId,
        new Theta<float>(new ThetaVersion(version), OuterState<float>.Initial(Plan).Theta.Values),
        AttachState: false);
}
