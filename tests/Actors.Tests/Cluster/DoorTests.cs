using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Involute.Actors.Cluster;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

[Trait("Speed", "slow")]
public sealed class DoorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_that_say_nothing_are_few_and_short(bool encrypted)
    {
        const int Strangers = 200;
        using var certificate = Members.Certificate();
        var encryption = encrypted ? Members.Showing(certificate) : null;
        await using var founder = await Members.FoundAsync(encryption);
        using var refusals = new Refusals(founder.System, "have not said who they are");
        var clients = new List<TcpClient>();
        for (var i = 0; i < Strangers; i++)
        {
            clients.Add(new TcpClient("127.0.0.1", founder.Address.Port));
        }

        // All but those whom the door holds are hung up on at once.
        await refusals.Reached(Strangers - Newcomers.MostOfOne);
        var ends = clients.Select(client => EndAsync(client.GetStream())).ToList();
        await AtLeast(ends, Strangers - Newcomers.MostOfOne);

        // The others are ended by the transport, and then members come in as ever.
        await Task.WhenAll(ends).WaitAsync(Members.Guard, TestContext.Current.CancellationToken);
        await using var member = await Members.StartAsync(encryption);
        member.Join([founder.Address]);
        await Members.UpAsync(member);
        clients.ForEach(client => client.Dispose());
        Assert.Equal(Strangers - Newcomers.MostOfOne, refusals.Count);
        Assert.False(founder.Departed.IsCompleted);
    }

    [Fact]
    public async Task Those_who_have_introduced_themselves_do_not_count()
    {
        await using var founder = await Members.FoundAsync(encryption: null);
        for (var i = 0; i < 3 * Newcomers.MostOfOne; i++)
        {
            var met = await MemberProbe.AskAsync(
                founder.Address, null, Members.Guard, TestContext.Current.CancellationToken);
            Assert.Equal(Obstacle.None, met.Obstacle);
        }
    }

    [Fact]
    public async Task A_member_that_floods_is_cut_off_and_the_others_stay()
    {
        // A frame of Akka.Remote with a heartbeat in it: four bytes of length, and the instruction.
        byte[] heartbeat = [4, 0, 0, 0, 0x12, 2, 8, 3];
        await using var founder = await Members.FoundAsync(encryption: null);
        using var refusals = new Refusals(founder.System, $"more than {FramePace.Most} messages");
        using var client = new TcpClient("127.0.0.1", founder.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            AkkaGreeting.Hello("flood.invalid", encrypted: false), TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(new byte[8], TestContext.Current.CancellationToken);
        var ended = EndAsync(stream);

        await stream.WriteAsync(
            Enumerable.Repeat(heartbeat, FramePace.Most).SelectMany(it => it).ToArray(),
            TestContext.Current.CancellationToken);

        await refusals.Reached(1);
        await ended.WaitAsync(Members.Guard, TestContext.Current.CancellationToken);
        await using var member = await Members.StartAsync(encryption: null);
        member.Join([founder.Address]);
        await Members.UpAsync(member);
    }

    private static async Task EndAsync(NetworkStream stream)
    {
        try
        {
            while (await stream.ReadAsync(new byte[1024], TestContext.Current.CancellationToken) > 0)
            {
                // Akka says goodbye to those that it ends.
            }
        }
        catch (IOException)
        {
            Assert.False(stream.DataAvailable);
        }
    }

    private static async Task AtLeast(List<Task> tasks, int count)
    {
        var open = tasks.ToHashSet();
        while (tasks.Count - open.Count < count)
        {
            open.Remove(await Task.WhenAny(open).WaitAsync(Members.Guard, TestContext.Current.CancellationToken));
        }
    }

    private sealed class Refusals : IDisposable
    {
        private readonly IActorRef _ear;
        private readonly ActorSystem _system;
        private readonly SemaphoreSlim _heard = new(0);
        private int _count;

        private readonly string _part;

        public Refusals(ActorSystem system, string part)
        {
            (_system, _part) = (system, part);
            _ear = system.ActorOf(Props.Create(() => new Ear(Hear)));
            system.EventStream.Subscribe(_ear, typeof(Warning));
        }

        public int Count => Volatile.Read(ref _count);

        public async Task Reached(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(await _heard.WaitAsync(Members.Guard, TestContext.Current.CancellationToken));
            }
        }

        public void Dispose()
        {
            _system.EventStream.Unsubscribe(_ear);
            _heard.Dispose();
        }

        private void Hear(string text)
        {
            if (text.Contains(_part, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _count);
                _heard.Release();
            }
        }
    }

    private sealed class Ear : ReceiveActor
    {
        public Ear(Action<string> hear) => Receive<Warning>(it => hear(it.Message.ToString() ?? string.Empty));
    }
}
