using Involute.Actors.Cluster;
using Xunit;
using static Involute.Actors.Cluster.DowningVerdict;

namespace Involute.Actors.Tests.Cluster;

public sealed class DowningDecisionTests
{
    // Learners (L, l) and workers (W, w), the oldest first; L and W answer, l and w do not.
    [Theory]
    [InlineData("LWW", Nothing)]
    [InlineData("L", Nothing)]
    [InlineData("LwW", DownThem)]
    [InlineData("Lww", DownThem)]
    [InlineData("lLWW", DownThem)]
    [InlineData("LlWW", DownThem)]
    [InlineData("LlwW", DownThem)]
    [InlineData("lLww", DownThem)]
    [InlineData("Llww", DownOurselves)]
    [InlineData("wLlw", DownOurselves)]
    [InlineData("Ll", DownThem)]
    [InlineData("lWW", DownThemLate)]
    [InlineData("llW", DownThemLate)]
    [InlineData("lwW", DownThemLate)]
    public void A_side_goes_on_if_it_can_train(string members, object verdict) =>
        Assert.Equal((DowningVerdict)verdict, DowningDecision.Decide(
            [.. members.Select(member => new MemberView(char.ToUpperInvariant(member) == 'L', char.IsUpper(member)))]));

    // Two learners may both go on for a while, and the run's lock decides; but no partition may end both sides.
    [Fact]
    public void No_division_ends_both_sides()
    {
        for (var size = 2; size <= 6; size++)
        {
            for (var roles = 1; roles < 1 << size; roles++)
            {
                for (var side = 1; side < (1 << size) - 1; side++)
                {
                    var here = Side(size, roles, side);
                    var there = Side(size, roles, ~side);
                    Assert.False(
                        DowningDecision.Decide(here) == DownOurselves && DowningDecision.Decide(there) == DownOurselves,
                        $"size {size}, learners {roles:b}, side {side:b}");
                }
            }
        }
    }

    private static MemberView[] Side(int size, int learners, int side) =>
        [.. Enumerable.Range(0, size).Select(i => new MemberView((learners >> i & 1) == 1, (side >> i & 1) == 1))];
}
