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
    public void Host_and_port_are_read_and_written(string text, string host, int port, bool isLoopback)
    {
        Assert.True(Endpoint.TryParse(text, out var endpoint));
        Assert.Equal((host, port, isLoopback), (endpoint.Host, endpoint.Port, endpoint.IsLoopback));
        Assert.Equal(text, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
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
