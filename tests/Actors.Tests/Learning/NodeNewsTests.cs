using Involute.Actors.Learning;
using Xunit;

namespace Involute.Actors.Tests.Learning;

/// <summary>Nodes are told by where their processes listen.</summary>
public sealed class NodeNewsTests
{
    [Theory]
    [InlineData("akka.tcp://involute@127.0.0.1:4053/user/worker/node-1", "127.0.0.1:4053", "worker 127.0.0.1:4053")]
    [InlineData("akka.ssl.tcp://involute@[::1]:4053/user/worker/node-1", "[::1]:4053", "worker [::1]:4053")]
    [InlineData("akka://involute/user/node", null, "node akka://involute/user/node")]
    public void A_path_becomes_an_address(string path, string? address, string name)
    {
        Assert.Equal(address, NodeName.Address(path));
        Assert.Equal(name, NodeName.Of(path));
    }

    [Fact]
    public void A_worker_that_joins_and_goes_is_news_with_its_address()
    {
        const string Path = "akka.tcp://involute@10.0.0.2:4053/user/worker/node-1";
        var joined = NodeNews.Joined(Path, 1)!.News(7);
        Assert.Equal(
            ("worker-joined", "worker 10.0.0.2:4053 joined (1 thread)", false, 7L, "10.0.0.2:4053"),
            (joined.Event, joined.Text, joined.IsWarning, joined.Step, joined.Node));
        Assert.Null(NodeNews.Joined("akka://involute/user/node", 2));

        var left = NodeNews.Left(Path).News(null);
        Assert.Equal(
            ("worker-left", "worker 10.0.0.2:4053 is gone: its pairs go on elsewhere", true),
            (left.Event, left.Text, left.IsWarning));
    }
}
