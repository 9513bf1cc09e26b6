using Involute.Actors.Learning;
using Xunit;

namespace Involute.Actors.Tests.Learning;

public sealed class PlacementTests
{
    [Fact]
    public void Blocks_go_in_contiguous_ranges_in_proportion_to_slots() => Assert.Equal(
        ["a", "a", "b", "b", "b", "b", "c", "c"],
        Placement.Assign([new("a", 2), new("b", 4), new("c", 2)], 8));

    [Fact]
    public void The_order_in_which_members_came_does_not_matter() => Assert.Equal(
        Placement.Assign([new("a", 1), new("b", 3), new("c", 2)], 17),
        Placement.Assign([new("c", 2), new("a", 1), new("b", 3)], 17));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void Every_block_has_a_home(int blocks) => Assert.DoesNotContain(
        null, Placement.Assign([new("a", 3), new("b", 1), new("c", 7)], blocks));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(100)]
    public void The_home_of_one_block_is_the_one_that_all_get(int blocks)
    {
        NodeMember[] members = [new("c", 7), new("a", 3), new("b", 1)];

        Assert.Equal(
            Placement.Assign(members, blocks),
            Enumerable.Range(0, blocks).Select(block => Placement.HomeOf(block, members, blocks)));
    }
}
