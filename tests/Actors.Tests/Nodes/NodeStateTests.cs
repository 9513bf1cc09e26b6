using Involute.Actors.Nodes;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Xunit;
using static Involute.Actors.Nodes.NodeEffect;
using static Involute.Actors.Nodes.NodeProtocol;

namespace Involute.Actors.Tests.Nodes;

public sealed class NodeStateTests
{
    private static readonly RunId Run = new("test");
    private static readonly PairBlock Block = new(3, 2);
    private readonly NodeState _state = new(Run);

    [Fact]
    public void A_later_attempt_replaces_an_earlier_one_and_an_earlier_one_changes_nothing()
    {
        Assert.Equal([Create(2)], _state.Place(Place(2)));
        Assert.Empty(_state.Place(Place(1)));
        Assert.Empty(_state.Place(Place(2)));
        Assert.Equal([new StopPairs(Pairs(2)), Create(3)], _state.Place(Place(3)));
        Assert.Equal([Pairs(3)], _state.Living);
    }

    [Fact]
    public void New_pairs_get_the_theta_of_the_step()
    {
        var theta = Theta(7);
        _state.Publish(theta);
        Assert.Equal([Create(1), new TellPairs(Pairs(1), theta)], _state.Place(Place(1)));
    }

    [Fact]
    public void A_theta_is_passed_on_once_and_an_older_one_never()
    {
        _state.Place(Place(1));
        Assert.Single(_state.Publish(Theta(7)));
        Assert.Empty(_state.Publish(Theta(7)));
        Assert.Empty(_state.Publish(Theta(6)));
        Assert.Single(_state.Publish(Theta(8)));
    }

    [Fact]
    public void A_released_block_is_gone_for_good_also_if_its_placement_comes_late()
    {
        _state.Place(Place(2));
        Assert.Empty(_state.Release(new ReleaseBlock(Run, Block, 1)));
        Assert.Equal([new StopPairs(Pairs(2))], _state.Release(new ReleaseBlock(Run, Block, 2)));
        Assert.Empty(_state.Place(Place(2)));
        Assert.Single(_state.Place(Place(3)));
    }

    [Fact]
    public void A_reminder_brings_out_what_was_lost()
    {
        _state.Place(Place(1));
        var other = new PlacedBlock(new PairBlock(9, 1), 4);
        var reminder = new StepReminder(Run, new ThetaVersion(7), [Pairs(1), other]);
        Assert.Equal(
            [
                new TellLearner(new ThetaMissing(Run, new ThetaVersion(7))),
                new TellPairs(Pairs(1), new RepeatAnswer(new ThetaVersion(7))),
                new TellLearner(new BlockMissing(Run, other.Block, 4, new ThetaVersion(7))),
            ],
            _state.Remind(reminder));
        _state.Publish(Theta(7));
        Assert.DoesNotContain(_state.Remind(reminder), effect => effect is TellLearner(ThetaMissing));
    }

    [Fact]
    public void Pairs_that_fail_are_reported_once_and_those_that_were_stopped_not_at_all()
    {
        _state.Place(Place(1));
        Assert.IsType<BlockFailed>(Assert.IsType<TellLearner>(Assert.Single(
            _state.Failed(Pairs(1), fatal: false, "Exception: no"))).Message);
        Assert.Empty(_state.Stopped(Pairs(1)));
        _state.Place(Place(2));
        _state.Place(Place(3));
        Assert.Empty(_state.Stopped(Pairs(2)));
        Assert.IsType<BlockLost>(Assert.IsType<TellLearner>(Assert.Single(_state.Stopped(Pairs(3)))).Message);
    }

    private static PlacedBlock Pairs(int attempt) => new(Block, attempt);

    private static PlaceBlock Place(int attempt) => new(Run, Block, attempt, default, default, Thetas);

    // One list, so that equal placements are equal records.
    private static readonly IReadOnlyList<Theta<float>> Thetas = [];

    private static CreatePairs Create(int attempt) => new(Place(attempt));

    private static ThetaPublished Theta(long version) => new(Run, new Theta<float>(new ThetaVersion(version), [1]), false);
}
