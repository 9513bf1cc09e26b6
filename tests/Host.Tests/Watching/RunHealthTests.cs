using Involute.Actors.Protocol;
using Involute.Host.Watching;
using Xunit;

namespace Involute.Host.Tests.Watching;

public sealed class RunHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 7, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("computing", false, 2, 0.5, true, "outer step 7, 2.0 s ago; computing")]
    [InlineData("computing", false, 61, 0.5, false, "no outer step for 60 s: outer step 7, 61.0 s ago; computing")]
    [InlineData("computing", false, 61, 20, true, "outer step 7, 61.0 s ago; computing")]
    [InlineData("computing", false, 201, 20, false, "no outer step for 200 s: outer step 7, 201.0 s ago; computing")]
    [InlineData("paused", true, 4000, 0.5, true, "outer step 7, 4000.0 s ago; held by an operator")]
    [InlineData("waiting for workers", false, 90, 0, false, "no outer step for 60 s: outer step 7, 90.0 s ago; waiting for workers")]
    [InlineData(
        "waiting for the store", false, 1, 0.5, false,
        "the store does not answer, or is far behind: no step is begun until it has caught up")]
    public void A_learner_is_ready_while_steps_are_done_or_an_operator_holds_it(
        string phase, bool held, double age, double usual, bool ready, string line)
    {
        var fitness = RunHealth.Judge(
            new ControlProtocol.Standing(phase, held, new Dictionary<string, int>()), (7, Now.AddSeconds(-age)), usual, Now);

        Assert.Equal((ready, line), (fitness.IsReady, fitness.Line));
    }

    [Fact]
    public void A_run_that_has_not_begun_is_not_ready() => Assert.False(RunHealth.Judge(
        new ControlProtocol.Standing("computing", false, new Dictionary<string, int>()), null, 0, Now).IsReady);
}
