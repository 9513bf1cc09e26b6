using Involute.Actors.Cluster;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

public sealed class IsolationDetectorTests
{
    private readonly IsolationDetector _watch = new();

    [Fact]
    public void A_run_that_goes_on_outside_is_noticed_at_its_second_advance()
    {
        Assert.False(_watch.Look(isClaimantHere: false, 5));
        Assert.False(_watch.Look(isClaimantHere: false, 6));
        Assert.False(_watch.Look(isClaimantHere: false, 6));
        Assert.False(_watch.Look(isClaimantHere: false, null));
        Assert.True(_watch.Look(isClaimantHere: false, 9));
    }

    [Fact]
    public void A_run_that_stands_still_may_become_free()
    {
        for (var look = 0; look < 100; look++)
        {
            Assert.False(_watch.Look(isClaimantHere: false, look < 2 ? look : 1));
        }
    }

    [Fact]
    public void A_run_whose_learner_is_a_member_is_waited_for()
    {
        for (var look = 0; look < 100; look++)
        {
            Assert.False(_watch.Look(isClaimantHere: true, look));
        }

        Assert.False(_watch.Look(isClaimantHere: false, 100));
        Assert.False(_watch.Look(isClaimantHere: false, 101));
        Assert.True(_watch.Look(isClaimantHere: false, 102));
    }
}
