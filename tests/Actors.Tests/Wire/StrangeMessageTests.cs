using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Serialization;
using Involute.Actors.Tests.Cluster;
using Xunit;

namespace Involute.Actors.Tests.Wire;

/// <summary>
/// Messages to a node from a system that runs other code, without the checks of a node. Each trick works on a system
/// with Akka's defaults, which shows that the node refuses the trick itself.
/// </summary>
[Trait("Speed", "slow")]
public sealed class StrangeMessageTests
{
    private static readonly ConcurrentDictionary<string, bool> Executed = new(StringComparer.Ordinal);

    public enum Trick
    {
        Json,
        RemoteActor,
    }

    [Theory]
    [InlineData(Trick.Json)]
    [InlineData(Trick.RemoteActor)]
    public async Task What_runs_code_on_a_default_system_has_no_effect_on_a_node(Trick trick)
    {
        var heardByDefault = new Listener();
        var heardByNode = new Listener();
        var byDefault = System("default");
        byDefault.ActorOf(heardByDefault.Props, "target");
        await using var node = await Members.StartAsync(
            null, akka => akka.WithActors((system, _) => system.ActorOf(heardByNode.Props, "target")));
        var rogue = System("rogue");

        Play(trick, rogue, AddressOf(byDefault), "default");
        Play(trick, rogue, AddressOf(node.System), "node");
        await ReachAsync(rogue, AddressOf(byDefault), heardByDefault);
        await ReachAsync(rogue, AddressOf(node.System), heardByNode);
        await UntilAsync(() => Executed.ContainsKey($"{trick} default"));

        // Messages arrive in order: everything that was sent earlier has arrived.
        Assert.DoesNotContain($"{trick} node", Executed.Keys);
        Assert.DoesNotContain(heardByNode.Messages, message => message is Gadget);
        await rogue.Terminate();
        await byDefault.Terminate();
    }

    [Fact]
    public async Task An_unknown_message_and_one_that_is_too_large_are_dropped_and_later_ones_arrive()
    {
        var heard = new Listener();
        await using var node = await Members.StartAsync(
            null, akka => akka.WithActors((system, _) => system.ActorOf(heard.Props, "target")));
        var rogue = System("rogue");
        var target = rogue.ActorSelection($"{AddressOf(node.System)}/user/target");

        target.Tell(new Unknown(4));
        await ReachAsync(rogue, AddressOf(node.System), heard);

        // Larger than a frame of ours, smaller than one of the rogue's: the node closes the connection.
        target.Tell(new Unknown(4 << 20));
        await ReachAsync(rogue, AddressOf(node.System), heard);

        Assert.All(heard.Messages, message => Assert.IsType<string>(message));
        await rogue.Terminate();
    }

    private static void Play(Trick trick, ActorSystem rogue, Address target, string victim)
    {
        if (trick == Trick.Json)
        {
            rogue.ActorSelection($"{target}/user/target").Tell(new Gadget { Key = $"{trick} {victim}" });
        }
        else
        {
            var key = $"{trick} {victim}";
            rogue.ActorOf(Props.Create(() => new Creature(key)).WithDeploy(new Deploy(new RemoteScope(target))));
        }
    }

    // Every system can read a text; it is sent until it has arrived, whatever happens to the connection.
    private static async Task ReachAsync(ActorSystem from, Address to, Listener listener)
    {
        var marker = Guid.NewGuid().ToString();
        await UntilAsync(() =>
        {
            from.ActorSelection($"{to}/user/target").Tell(marker);
            return listener.Messages.Contains(marker);
        });
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(Members.Guard);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!holds())
        {
            await timer.WaitForNextTickAsync(guard.Token);
        }
    }

    private static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    private static ActorSystem System(string name) => ActorSystem.Create(name, ConfigurationFactory.ParseString(
        $$"""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor {
            provider = remote
            serializers.unknown = "{{typeof(UnknownSerializer).FullName}}, {{typeof(UnknownSerializer).Assembly.GetName().Name}}"
            serialization-bindings { "{{typeof(Unknown).FullName}}, {{typeof(Unknown).Assembly.GetName().Name}}" = unknown }
          }
          remote.dot-netty.tcp {
            hostname = "127.0.0.1"
            port = 0
            maximum-frame-size = 8MB
            send-buffer-size = 8MB
            receive-buffer-size = 8MB
          }
        }
        """));

    /// <summary>Does something as soon as it is read.</summary>
    public sealed class Gadget
    {
        private string _key = "";

        public string Key
        {
            get => _key;
            set
            {
                // The sender sets it too, before it is sent.
                if (Environment.StackTrace.Contains("Newtonsoft", StringComparison.Ordinal))
                {
                    Executed[value] = true;
                }

                _key = value;
            }
        }
    }

    private sealed class Creature : ReceiveActor
    {
        public Creature(string key) => Executed[key] = true;
    }

    /// <summary>Claims to be a message of ours.</summary>
    public sealed record Unknown(int Bytes);

    public sealed class UnknownSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 4110;

        public override string Manifest(object o) => "save-the-world";

        public override byte[] ToBinary(object obj) => new byte[((Unknown)obj).Bytes];

        public override object FromBinary(byte[] bytes, string manifest) => Encoding.UTF8.GetString(bytes);
    }

    private sealed class Listener
    {
        public ConcurrentQueue<object> Messages { get; } = new();

        public Props Props => Props.Create(() => new ListeningActor(Messages));
    }

    private sealed class ListeningActor : ReceiveActor
    {
        public ListeningActor(ConcurrentQueue<object> messages) => ReceiveAny(messages.Enqueue);
    }
}
