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
        using var refusals = new Refusals(founder.System);
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
            var met = await MemberProbe.AskAsync(founder.Address, null, TestContext.Current.CancellationToken);
            Assert.Equal(Obstacle.None, met.Obstacle);
        }
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

        public Refusals(ActorSystem system)
        {
            _system = system;
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
            if (text.Contains("have not said who they are", StringComparison.Ordinal))
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
