using Involute.Actors.Cluster;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

public sealed class NewcomersTests
{
    [Fact]
    public void One_address_does_not_take_the_room_of_others()
    {
        var newcomers = new Newcomers();

        Assert.Equal(Newcomers.MostOfOne, Enumerable.Range(0, 1000).Count(_ => newcomers.TryEnter("10.0.0.1")));
        Assert.True(newcomers.TryEnter("10.0.0.2"));
        newcomers.Leave("10.0.0.1");
        Assert.True(newcomers.TryEnter("10.0.0.1"));
        Assert.False(newcomers.TryEnter("10.0.0.1"));
    }

    [Fact]
    public void All_together_are_bounded_and_those_who_leave_are_forgotten()
    {
        var newcomers = new Newcomers();
        var entered = Enumerable.Range(0, 1000).Select(i => $"10.0.0.{i % 100}").Where(newcomers.TryEnter).ToList();

        Assert.Equal(Newcomers.Most, entered.Count);
        Assert.Equal(Newcomers.Most, newcomers.Count);
        entered.ForEach(newcomers.Leave);
        Assert.Equal(0, newcomers.Count);
        Assert.True(newcomers.TryEnter("10.0.0.1"));
    }
}
