using Involute.Torch.Adjoint;
using Involute.Torch.Native;
using Xunit;

namespace Involute.Torch.Tests.Adjoint;

public sealed class GraphSizeTests
{
    [Fact]
    public void A_graph_fits_by_the_largest_step_that_was_measured()
    {
        const long OneLane = 1 << 20;
        var inUse = 0L;
        var size = new GraphSize(() => inUse, leaves: 100);
        Assert.False(size.IsKnown);
        Assert.False(size.Fits(1));
        foreach (var (lanes, bytes) in new[] { (2, OneLane), (3, 3 * OneLane), (1, -5 * OneLane), (1, 0) })
        {
            Assert.Equal(bytes, size.Measure(lanes, () => inUse += bytes) - (inUse - bytes));
        }

        // Of 256 MiB.
        Assert.True(size.IsKnown);
        Assert.True(size.Fits(256));
        Assert.False(size.Fits(257));
    }

    [Fact]
    public void No_graph_is_smaller_than_its_leaves()
    {
        var size = new GraphSize(() => 0, leaves: 1 << 20);
        for (var step = 0; step < 4; step++)
        {
            Assert.False(size.IsKnown);
            size.Measure(1, () => 0);
        }

        Assert.True(size.Fits(256));
        Assert.False(size.Fits(257));
    }

    [Fact]
    public void Where_memory_cannot_be_asked_nothing_fits()
    {
        var size = new GraphSize(() => null, leaves: 100);
        Assert.Equal(7, size.Measure(1, () => 7));
        Assert.False(size.IsKnown);
        Assert.False(size.Fits(1));
    }

    [Fact]
    public void The_process_tells_what_it_holds_or_that_it_cannot()
    {
        Assert.SkipUnless(AllocatedMemory.Bytes() is not null, "the C library does not tell");
        Assert.InRange(AllocatedMemory.Bytes()!.Value, 1 << 10, long.MaxValue);
    }
}
