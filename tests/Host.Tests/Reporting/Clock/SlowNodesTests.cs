using Involute.Host.Reporting.Clock;
using Xunit;

namespace Involute.Host.Tests.Reporting.Clock;

public sealed class SlowNodesTests
{
    private readonly SlowNodes _nodes = new();

    [Fact]
    public void A_node_that_is_slow_for_a_while_is_told_once_and_once_more_when_it_is_as_the_others()
    {
        Assert.Empty(Looks(SlowNodes.Looks - 1, slowness: 3));
        var news = Assert.Single(Looks(1, slowness: 3));
        Assert.Equal(
            ("worker-slow", "worker b:1 is slow: its windows take 3.0 times as long as those of the others", true, "b:1", 7L),
            (news.Event, news.Text, news.IsWarning, news.Node, news.Step!.Value));
        Assert.Empty(Looks(100, slowness: 3));
        Assert.Empty(Looks(100, slowness: 1.8));
        Assert.Empty(Looks(SlowNodes.Looks - 1, slowness: 1));
        Assert.Equal(
            ("worker-usual", false), Looks(1, slowness: 1).Select(it => (it.Event, it.IsWarning)).Single());
        Assert.Empty(Looks(100, slowness: 1));
    }

    [Fact]
    public void A_node_that_is_slow_now_and_then_is_not_told()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Empty(Looks(SlowNodes.Looks - 1, slowness: 5));
            Assert.Empty(Looks(1, slowness: 1.9));
        }
    }

    [Fact]
    public void A_node_alone_or_without_work_is_not_slow()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Empty(_nodes.Look([Row("a:1", 10, 5)], 7));
            Assert.Empty(_nodes.Look([Row("a:1", 10, 5), Row("b:1", 0, 0)], 7));
        }
    }

    [Fact]
    public void A_node_that_comes_back_begins_anew()
    {
        Assert.Empty(Looks(SlowNodes.Looks - 1, slowness: 3));
        Assert.Empty(_nodes.Look([Row("a:1", 10, 5)], 7));
        Assert.Empty(Looks(SlowNodes.Looks - 1, slowness: 3));
        Assert.Single(Looks(1, slowness: 3));
    }

    private List<Involute.Runs.RunNews> Looks(int looks, double slowness) =>
    [
        .. Enumerable.Range(0, looks).SelectMany(_ => _nodes.Look(
            [Row("a:1", 10, 1), Row("b:1", 4, 0.4 * slowness), Row("c:1", 20, 2)], 7)),
    ];

    private static NodeRow Row(string node, long windows, double seconds) => new(node, 1, windows, seconds, 0.3, 0.5);
}
