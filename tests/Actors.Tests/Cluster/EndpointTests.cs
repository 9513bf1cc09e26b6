using Involute.Actors.Cluster;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("127.0.0.1:4053", "127.0.0.1", 4053, true)]
    [InlineData("localhost:0", "localhost", 0, true)]
    [InlineData("[::1]:65535", "::1", 65535, true)]
    [InlineData("node-7.example:1", "node-7.example", 1, false)]
    [InlineData("10.0.0.1:9", "10.0.0.1", 9, false)]
    [InlineData("0.0.0.0:9", "0.0.0.0", 9, false)]
    [InlineData("[2001:db8::7]:4053", "2001:db8::7", 4053, false)]
    public void Host_and_port_are_read_and_written(string text, string host, int port, bool isLoopback)
    {
        Assert.True(Endpoint.TryParse(text, out var endpoint));
        Assert.Equal((host, port, isLoopback), (endpoint.Host, endpoint.Port, endpoint.IsLoopback));
        Assert.Equal(text, endpoint.ToString());
    }

    [Theory]
    [InlineData("[0:0:0:0:0:0:0:1]:1", "[::1]:1")]
    [InlineData("[2001:DB8:0::07]:1", "[2001:db8::7]:1")]
    [InlineData("[::ffff:127.0.0.1]:1", "127.0.0.1:1")]
    [InlineData("Node-7.Example.:1", "node-7.example:1")]
    public void One_place_is_one_endpoint_however_it_is_written(string text, string canonical)
    {
        Assert.True(Endpoint.TryParse(text, out var endpoint));
        Assert.True(Endpoint.TryParse(canonical, out var same));
        Assert.Equal(same, endpoint);
        Assert.Equal(same.GetHashCode(), endpoint.GetHashCode());
        Assert.Equal(canonical, endpoint.ToString());
        Assert.Equal(same, new Endpoint("elsewhere", 1) with { Host = text[..text.LastIndexOf(':')] });
    }

    [Theory]
    [InlineData("[::1]:4053")]
    [InlineData("10.0.0.7:1")]
    [InlineData("node:2")]
    public void The_address_of_an_actor_system_leads_back(string text)
    {
        Assert.True(Endpoint.TryParse(text, out var endpoint));
        var address = endpoint.ToAddress("akka.tcp");
        Assert.Equal($"akka.tcp://involute@{text}", address.ToString());
        Assert.Equal(endpoint, Endpoint.Of(address));
        Assert.Equal(address, Akka.Actor.Address.Parse(address.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("::1:4053")]
    [InlineData("[::1:4053")]
    [InlineData("::1]:4053")]
    [InlineData("[127.0.0.1]:4053")]
    [InlineData("[node]:4053")]
    [InlineData("[fe80::1%eth0]:4053")]
    [InlineData("4053")]
    [InlineData(":4053")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:+1")]
    [InlineData("127.0.0.1:99999999999999")]
    [InlineData("two words:1")]
    [InlineData("a\"b:1")]
    public void Anything_else_is_refused(string text) => Assert.False(Endpoint.TryParse(text, out _));
}
