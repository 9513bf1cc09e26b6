using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using Xunit;
using static Involute.Actors.Nodes.NodeEffect;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Nodes;

public sealed class NodeStateTests
{
    private static readonly RunId Run = new("test");
    private static readonly PairBlock Block = new(3, 2);
    private static readonly PairBlock Other = new(9, 1);
    private readonly NodeState _state = new(Run);

    public NodeStateTests() => _state.Receive(new NodeAccepted(Run));

    [Fact]
    public void A_later_attempt_replaces_an_earlier_one_and_an_earlier_one_changes_nothing()
    {
        Assert.Equal([Create(2)], _state.Receive(Place(2)));
        Assert.Empty(_state.Receive(Place(1)));
        Assert.Empty(_state.Receive(Place(2)));
        Assert.Equal([new StopPairs(Pairs(2)), Create(3)], _state.Receive(Place(3)));
        Assert.Equal([Pairs(3)], _state.Living);
    }

    [Fact]
    public void New_pairs_get_the_theta_of_the_step()
    {
        var theta = Theta(7);
        _state.Receive(theta);
        Assert.Equal([Create(1), new TellPairs(Pairs(1), theta)], _state.Receive(Place(1)));
    }

    [Fact]
    public void A_theta_is_passed_on_once_and_an_older_one_never()
    {
        _state.Receive(Place(1));
        Assert.Single(_state.Receive(Theta(7)));
        Assert.Empty(_state.Receive(Theta(7)));
        Assert.Empty(_state.Receive(Theta(6)));
        Assert.Single(_state.Receive(Theta(8)));
    }

    [Fact]
    public void A_released_block_is_gone_for_good_also_if_its_placement_comes_late()
    {
        _state.Receive(Place(2));
        Assert.Empty(_state.Receive(new ReleaseBlock(Run, Block, 1)));
        Assert.Equal([new StopPairs(Pairs(2))], _state.Receive(new ReleaseBlock(Run, Block, 2)));
        Assert.Empty(_state.Receive(Place(2)));
        Assert.Single(_state.Receive(Place(3)));
    }

    [Fact]
    public void A_reminder_brings_out_what_was_lost()
    {
        _state.Receive(Place(1));
        var other = new PlacedBlock(new PairBlock(9, 1), 4);
        var reminder = new StepReminder(Run, new ThetaVersion(7), [Pairs(1), other]);
        Assert.Equal(
            [
                new TellLearner(new ThetaMissing(Run, new ThetaVersion(7))),
                new TellPairs(Pairs(1), new RepeatAnswer(new ThetaVersion(7))),
                new TellLearner(new BlockMissing(Run, other.Block, 4, new ThetaVersion(7))),
            ],
            _state.Receive(reminder));
        _state.Receive(Theta(7));
        Assert.DoesNotContain(_state.Receive(reminder), effect => effect is TellLearner(ThetaMissing));
    }

    [Fact]
    public void Pairs_that_fail_are_reported_once_and_those_that_were_stopped_not_at_all()
    {
        _state.Receive(Place(1));
        Assert.IsType<BlockFailed>(Assert.IsType<TellLearner>(Assert.Single(
            _state.Receive(new PairsFailed(Pairs(1), Fatal: false, "Exception: no")))).Message);
        Assert.Empty(_state.Receive(new PairsStopped(Pairs(1))));
        _state.Receive(Place(2));
        _state.Receive(Place(3));
        Assert.Empty(_state.Receive(new PairsStopped(Pairs(2))));
        Assert.IsType<BlockLost>(
            Assert.IsType<TellLearner>(Assert.Single(_state.Receive(new PairsStopped(Pairs(3))))).Message);
    }

    [Fact]
    public void Windows_of_a_theta_go_to_the_learner_together()
    {
        PlaceTwo();
        _state.Receive(Theta(7));
        Assert.Empty(_state.Receive(Window(Block, 1, 7)));
        Assert.Equal([Window(Block, 1, 7), Window(Other, 4, 7)], Told(_state.Receive(Window(Other, 4, 7))));
    }

    [Fact]
    public void A_reminder_brings_out_what_waits_and_a_repeated_window_does_not_wait_again()
    {
        PlaceTwo();
        _state.Receive(Theta(7));
        _state.Receive(Window(Block, 1, 7));
        Assert.Equal(
            [Window(Block, 1, 7)], Told(_state.Receive(new StepReminder(Run, new ThetaVersion(7), [Pairs(1)]))));
        Assert.Equal([Window(Block, 1, 7)], Told(_state.Receive(Window(Block, 1, 7))));
        Assert.Equal([Window(Other, 4, 7)], Told(_state.Receive(Window(Other, 4, 7))));
    }

    [Fact]
    public void Nobody_waits_for_pairs_that_are_gone()
    {
        PlaceTwo();
        _state.Receive(Theta(7));
        _state.Receive(Window(Block, 1, 7));
        Assert.Equal([Window(Block, 1, 7)], Told(_state.Receive(new ReleaseBlock(Run, Other, 4))));

        _state.Receive(Place(Other, 5));
        _state.Receive(Theta(8));
        _state.Receive(Window(Block, 1, 8));
        Assert.Equal(
            [Window(Block, 1, 8)],
            Told(_state.Receive(new PairsFailed(new PlacedBlock(Other, 5), Fatal: false, "Exception: no"))));

        _state.Receive(Place(Other, 6));
        _state.Receive(Theta(9));
        _state.Receive(Window(Block, 1, 9));
        Assert.Equal([Window(Block, 1, 9)], Told(_state.Receive(new PairsStopped(new PlacedBlock(Other, 6)))));
    }

    [Fact]
    public void Pairs_that_come_within_a_step_are_waited_for()
    {
        _state.Receive(Place(1));
        _state.Receive(Theta(7));
        _state.Receive(Place(Other, 4));
        Assert.Empty(_state.Receive(Window(Block, 1, 7)));
        Assert.Equal([Window(Block, 1, 7), Window(Other, 4, 7)], Told(_state.Receive(Window(Other, 4, 7))));
    }

    [Fact]
    public void What_is_late_is_passed_on_and_what_nobody_waits_for_any_more_is_forgotten()
    {
        PlaceTwo();
        _state.Receive(Theta(7));
        _state.Receive(Window(Block, 1, 7));
        _state.Receive(Theta(8));
        Assert.Equal([Window(Other, 4, 7)], Told(_state.Receive(Window(Other, 4, 7))));
        Assert.Equal([Window(Block, 9, 8)], Told(_state.Receive(Window(Block, 9, 8))));
        _state.Receive(Window(Block, 1, 8));
        Assert.Equal([Window(Block, 1, 8), Window(Other, 4, 8)], Told(_state.Receive(Window(Other, 4, 8))));
    }

    [Fact]
    public void Large_windows_do_not_wait()
    {
        PlaceTwo();
        _state.Receive(Theta(7));
        var large = Window(Block, 1, 7) with { State = new byte[GatheredWindows.MostBytes] };
        Assert.Equal([large], Told(_state.Receive(large)));
        Assert.Equal([Window(Other, 4, 7)], Told(_state.Receive(Window(Other, 4, 7))));
    }

    private void PlaceTwo()
    {
        _state.Receive(Place(1));
        _state.Receive(Place(Other, 4));
    }

    private static IReadOnlyList<WindowAdvanced> Told(IReadOnlyList<NodeEffect> effects) => Assert.Single(
        effects.OfType<TellLearner>().Select(effect => effect.Message).OfType<WindowsAdvanced>()).Windows;

    // Equal records: their vectors are the same objects.
    private static WindowAdvanced Window(PairBlock block, int attempt, long version) =>
        new(Run, attempt, new PairContribution<float>(block, new ThetaVersion(version), Gradient, Reports), default);

    private static PlacedBlock Pairs(int attempt) => new(Block, attempt);

    private static PlaceBlocks Place(int attempt) => Place(Block, attempt);

    private static PlaceBlocks Place(PairBlock block, int attempt) =>
        new(Run, default, Thetas, [new BlockState(block, attempt, default)]);

    // One list, so that equal placements are equal records.
    private static readonly IReadOnlyList<Theta<float>> Thetas = [];
    private static readonly IReadOnlyList<PairReport> Reports = [];
    private static readonly float[] Gradient = [1];

    private static CreatePairs Create(int attempt) => new(Assert.Single(Place(attempt).Each));

    private static ThetaPublished Theta(long version) =>
        new(Run, new Theta<float>(new ThetaVersion(version), [1]), false);
}
