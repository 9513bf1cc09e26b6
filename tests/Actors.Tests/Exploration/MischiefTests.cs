using Xunit;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>Protocols that are broken on purpose: the simulation must notice each.</summary>
public sealed class MischiefTests
{
    private const int MostSeeds = 300;
    private const string OtherBits = "not the sequential program's";
    private const string Stuck = "the run does not go on";

    [Fact]
    public void A_placement_without_its_replays() => Caught<ForgottenReplay>(OtherBits, Stuck);

    [Fact]
    public void A_block_that_is_moved_without_a_fresh_cut() => Caught<OldCut>(OtherBits);

    [Fact]
    public void A_copy_of_an_answer_that_counts_for_another_block() => Caught<CopyCounts>(OtherBits);

    [Fact]
    public void A_copy_of_an_answer_that_counts_for_the_next_step() => Caught<CopyCountsTwice>(OtherBits);

    [Fact]
    public void An_answer_with_the_state_of_an_earlier_step() => Caught<StateOfYesterday>(OtherBits);

    [Fact]
    public void An_answer_under_another_attempt() => Caught<AnotherAttempt>(Stuck);

    [Fact]
    public void A_learner_that_never_reminds() => Caught<Silence<StepReminder>>(Stuck);

    [Fact]
    public void A_node_that_never_says_that_it_lacks_a_block() => Caught<Silence<BlockMissing>>(Stuck);

    [Fact]
    public void A_node_that_never_says_that_it_lacks_a_theta() => Caught<Silence<ThetaMissing>>(Stuck);

    private static void Caught<T>(params string[] promises)
        where T : Mischief, new()
    {
        var violation = Assert.Throws<Violation>(() => Explorer.Run(1, MostSeeds, () => new T()));

        var line = violation.Message.Split('\n')[0];
        Assert.True(promises.Any(promise => line.Contains(promise, StringComparison.Ordinal)), line);
    }
}
