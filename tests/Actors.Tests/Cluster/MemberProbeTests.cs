using System.Net;
using System.Net.Sockets;
using System.Text;
using Involute.Actors.Cluster;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

[Trait("Speed", "slow")]
public sealed class MemberProbeTests
{
    [Fact]
    public async Task A_member_tells_the_name_that_it_is_known_by()
    {
        await using var member = await Members.StartAsync(encryption: null, host: "localhost");

        var met = await AskAsync(new Endpoint("127.0.0.1", member.Address.Port));

        Assert.Equal((Obstacle.None, member.Address, null), (met.Obstacle, met.Name, met.Elsewhere));
        Assert.Equal("localhost", met.Name.Host);
    }

    [Fact]
    public async Task A_member_over_IPv6_is_met_and_joined()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 here");
        await using var founder = await Members.StartAsync(encryption: null, host: "::1");
        founder.Join([founder.Address]);
        await Members.UpAsync(founder);
        await using var member = await Members.StartAsync(encryption: null, host: "::1");

        var met = await AskAsync(new Endpoint("0:0::1", founder.Address.Port));
        member.Join([met.Name]);
        await Members.UpAsync(member);

        Assert.Equal($"[::1]:{founder.Address.Port}", met.Name.ToString());
        Assert.Equal(new[] { founder.Address.Port, member.Address.Port }.Order(), Members.Ports(founder));
    }

    [Fact]
    public async Task Certificates_that_do_not_fit_are_told_from_either_side()
    {
        using var ours = Members.Certificate();
        using var strange = Members.Certificate();
        await using var member = await Members.StartAsync(Members.Showing(ours));
        await using var open = await Members.StartAsync(encryption: null);

        Assert.Equal(Obstacle.None, (await AskAsync(member.Address, Members.Showing(ours))).Obstacle);
        await ExpectAsync(
            member.Address, Members.Showing(strange, strange), Obstacle.Certificate,
            $"its certificate {Encryption.Thumbprint(ours)} is not among those that this process accepts");
        await ExpectAsync(
            member.Address, Members.Showing(strange, ours), Obstacle.Certificate, Encryption.Thumbprint(strange));
        await ExpectAsync(member.Address, null, Obstacle.Certificate, "it expects a --certificate");
        await ExpectAsync(open.Address, Members.Showing(ours), Obstacle.Certificate, "it has no --certificate");
    }

    [Fact]
    public async Task Names_and_ports_that_lead_nowhere_are_told()
    {
        await ExpectAsync(new Endpoint("nosuch.invalid", 4053), null, Obstacle.Name, "the name does not resolve");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var free = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await ExpectAsync(
            new Endpoint("127.0.0.1", free), null, Obstacle.Port,
            $"nothing listens on port {free} of 127.0.0.1 (connection refused)");
    }

    [Theory]
    [InlineData("", Obstacle.Certificate)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", Obstacle.Program)]
    [InlineData("\u0004\u0000\u0000\u0000abcd", Obstacle.Program)]
    public async Task Another_program_is_not_taken_for_a_member(string answer, object obstacle)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = AskAsync(new Endpoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port));
        using (var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            var stream = client.GetStream();
            await stream.ReadExactlyAsync(new byte[40], TestContext.Current.CancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
        }

        var met = await asked;
        Assert.Equal(obstacle, met.Obstacle);
        Assert.Contains("another program", met.Reason, StringComparison.Ordinal);
    }

    private static Task<Introduction> AskAsync(Endpoint place, Encryption? encryption = null) =>
        MemberProbe.AskAsync(place, encryption, Members.Guard, TestContext.Current.CancellationToken);

    private static async Task ExpectAsync(Endpoint place, Encryption? encryption, Obstacle obstacle, string part)
    {
        var met = await AskAsync(place, encryption);
        Assert.Equal(obstacle, met.Obstacle);
        Assert.StartsWith($"{place}: ", met.Reason, StringComparison.Ordinal);
        Assert.Contains(part, met.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', met.Reason);
    }
}
