using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka.Actor;
using Akka.Hosting;
using Akka.Remote.Transport.DotNetty;
using Involute.Actors.Cluster;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

[Trait("Speed", "slow")]
public sealed class EncryptionTests
{
    [Fact]
    public async Task Only_a_known_certificate_that_is_valid_gets_in()
    {
        using var ours = Members.Certificate();
        using var second = Members.Certificate();
        using var strange = Members.Certificate();
        using var expired = Members.Certificate(-20, -10);
        var letIn = new[] { ours, second, expired };
        await using var founder = await Members.FoundAsync(Members.Showing(ours, letIn));
        await using var member = await Members.StartAsync(Members.Showing(second, letIn));

        // The stranger accepts our certificate, but we do not accept the stranger's.
        await using var stranger = await Members.StartAsync(Members.Showing(strange, ours));
        await using var old = await Members.StartAsync(Members.Showing(expired, letIn));
        await using var silent = await Members.StartAsync(
            Members.Showing(second), akka => akka.AddSetup(ShowingNothing(second)));
        await using var plain = await Members.StartAsync(encryption: null);
        ClusterNode[] refused = [stranger, old, silent, plain];
        foreach (var node in refused.Append(member))
        {
            node.Join([founder.Address]);
        }

        await Members.UpAsync(member);
        foreach (var node in refused)
        {
            Assert.Equal(
                Departure.NotJoined,
                await node.Departed.WaitAsync(Members.Guard, TestContext.Current.CancellationToken));
        }

        Assert.Equal(new[] { founder.Address.Port, member.Address.Port }.Order(), Members.Ports(founder));
    }

    [Fact]
    public async Task A_node_does_not_join_one_that_it_does_not_know()
    {
        using var ours = Members.Certificate();
        using var strange = Members.Certificate();
        await using var founder = await Members.FoundAsync(Members.Showing(strange, ours, strange));
        await using var node = await Members.StartAsync(Members.Showing(ours));

        node.Join([founder.Address]);

        Assert.Equal(
            Departure.NotJoined, await node.Departed.WaitAsync(Members.Guard, TestContext.Current.CancellationToken));
        Assert.Equal([founder.Address.Port], Members.Ports(founder));
    }

    [Fact]
    public async Task Whoever_takes_the_port_of_a_member_does_not_end_the_others()
    {
        using var ours = Members.Certificate();
        await using var founder = await Members.FoundAsync(Members.Showing(ours));
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var gone = new Endpoint("127.0.0.1", port).ToAddress(AddressOf(founder).Protocol);

        var ended = false;
        CoordinatedShutdown.Get(founder.System).AddTask(CoordinatedShutdown.PhaseServiceUnbind, "test", () =>
        {
            Volatile.Write(ref ended, true);
            return Task.FromResult(Akka.Done.Instance);
        });
        founder.System.ActorSelection($"{gone}/user/anybody").Tell("hello");
        using (var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            await client.GetStream().WriteAsync(new byte[100], TestContext.Current.CancellationToken);
            while (!IsHeld(founder))
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }

        await using var member = await Members.StartAsync(Members.Showing(ours));
        member.Join([founder.Address]);
        await Members.UpAsync(member);
        Assert.Null(founder.End.Reason);
        Assert.False(Volatile.Read(ref ended));

        await founder.DisposeAsync();
        Assert.True(Volatile.Read(ref ended));
        Assert.Equal(
            Departure.Left, await founder.Departed.WaitAsync(Members.Guard, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Garbage_on_the_port_does_no_harm(bool encrypted)
    {
        using var certificate = Members.Certificate();
        var encryption = encrypted ? Members.Showing(certificate) : null;
        await using var founder = await Members.FoundAsync(encryption);
        foreach (var garbage in Garbage())
        {
            await SendAsync(founder.Address.Port, garbage);
        }

        await using var member = await Members.StartAsync(encryption);
        member.Join([founder.Address]);
        await Members.UpAsync(member);

        Assert.False(founder.Departed.IsCompleted);
        Assert.Equal(new[] { founder.Address.Port, member.Address.Port }.Order(), Members.Ports(founder));
    }

    private static DotNettySslSetup ShowingNothing(X509Certificate2 certificate) =>
        new(certificate, suppressValidation: true, requireMutualAuthentication: false);

    private static Address AddressOf(ClusterNode node) => Akka.Cluster.Cluster.Get(node.System).SelfAddress;

    private static bool IsHeld(ClusterNode node) => CoordinatedShutdown.Get(node.System).ShutdownReason is not null;

    private static IEnumerable<byte[]> Garbage()
    {
        // Any bytes; the seed is part of the test.
        var noise = new byte[1 << 20];
        var state = 1u;
        for (var i = 0; i < noise.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            noise[i] = (byte)(state >> 24);
        }

        yield return noise;
        yield return Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        foreach (var length in new[] { int.MaxValue, -1, 0, 64 })
        {
            // A frame's length, in either byte order, and then something that is no message.
            var frame = new byte[128];
            BinaryPrimitives.WriteInt32LittleEndian(frame, length);
            yield return frame;
            BinaryPrimitives.WriteInt32BigEndian(frame, length);
            yield return [.. frame];
        }
    }

    // Sends until the other side closes the connection, or all is sent.
    private static async Task SendAsync(int port, byte[] bytes)
    {
        using var client = new TcpClient("127.0.0.1", port);
        try
        {
            await client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            Assert.NotEmpty(bytes);
        }
    }
}
