using Involute.Host.Running;
using Xunit;

namespace Involute.Host.Tests.Running;

public sealed class EarlyLoadTests
{
    // Outside of a test, a load that fails is not heard of: the command would be late, and nothing would tell why.
    [Theory]
    [InlineData("show", "r")]
    [InlineData("runs")]
    [InlineData("runs", "--runs", "r")]
    [InlineData("train")]
    [InlineData("resume", "r")]
    [InlineData("learner")]
    [InlineData("list")]
    [InlineData]
    public void Each_load_succeeds(params string[] args)
    {
        var loads = EarlyLoad.Of(args);
        Assert.NotEmpty(loads);
        Assert.All(loads, load => load());
    }

    [Fact]
    public void What_opens_no_store_loads_none() =>
        Assert.Equal(EarlyLoad.Of(["list"]), EarlyLoad.Of(["runs", "remove", "r"]));
}
