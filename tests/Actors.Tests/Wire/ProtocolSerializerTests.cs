using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Involute.Actors.Local;
using Involute.Actors.Protocol;
using Involute.Actors.Wire;
using Xunit;

namespace Involute.Actors.Tests.Wire;

public sealed class ProtocolSerializerTests : IAsyncDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("wire", RunHocon.Create(1, "", ""));

    public static TheoryData<string> MessageTypes => [.. Examples.All.Select(example => example.GetType().Name)];

    [Theory]
    [MemberData(nameof(MessageTypes))]
    public void Every_message_comes_back_as_it_was_sent(string type)
    {
        var message = Example(type);
        var serializer = Assert.IsType<ProtocolSerializer>(_system.Serialization.FindSerializerFor(message));

        var bytes = serializer.ToBinary(message);
        var back = _system.Serialization.Deserialize(bytes, serializer.Identifier, serializer.Manifest(message));

        Assert.IsType(message.GetType(), back);
        Assert.Equal(FieldText.Of(message), FieldText.Of(back));
        Assert.Equal(ProtocolSerializer.Schema, bytes[0]);
    }

    [Fact]
    public void Every_message_of_the_protocols_has_a_wire_format()
    {
        var messages = typeof(IWireMessage).Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IWireMessage)))
            .ToHashSet();
        Assert.Equal(messages, Examples.All.Select(example => example.GetType()).ToHashSet());
    }

    [Fact]
    public void Every_record_of_a_protocol_says_whether_it_crosses_a_wire()
    {
        var undecided = typeof(IWireMessage).Assembly.GetTypes()
            .Where(type => type.DeclaringType is { IsAbstract: true, IsSealed: true } protocol
                && protocol.Name.EndsWith("Protocol", StringComparison.Ordinal)
                && !type.IsAssignableTo(typeof(IWireMessage))
                && !type.IsAssignableTo(typeof(INoSerializationVerificationNeeded)));
        Assert.Empty(undecided);
    }

    [Fact]
    public void A_message_that_carries_little_is_never_large()
    {
        var (manifest, bytes) = ProtocolSerializer.Write(new NodeProtocol.NodeRefused(
            new Involute.Runs.RunId("a"), new string('x', ProtocolSerializer.MostControlBytes)));

        var refused = Assert.Throws<SerializationException>(() => ProtocolSerializer.Read(bytes, manifest));

        Assert.Contains("at most 262144", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_of_an_exception_is_cut()
    {
        var (manifest, bytes) = ProtocolSerializer.Write(new NodeProtocol.BlockFailed(
            new Involute.Runs.RunId("a"), default, 1, default, Fatal: false, new string('x', 1_000_000)));

        var back = Assert.IsType<NodeProtocol.BlockFailed>(ProtocolSerializer.Read(bytes, manifest));

        Assert.Equal(4096, back.Error.Length);
    }

    [Fact]
    public void A_line_of_no_pair_comes_back_as_one_and_a_long_one_is_cut()
    {
        var (manifest, bytes) = ProtocolSerializer.Write(
            new NodeProtocol.ProblemSaid(new Involute.Runs.RunId("a"), null, new string('x', 1_000_000)));

        var back = Assert.IsType<NodeProtocol.ProblemSaid>(ProtocolSerializer.Read(bytes, manifest));

        Assert.Null(back.Pair);
        Assert.Equal(4096, back.Line.Length);
    }

    [Theory]
    [MemberData(nameof(MessageTypes))]
    public void A_message_that_is_cut_short_is_refused(string type)
    {
        var serializer = (SerializerWithStringManifest)_system.Serialization.FindSerializerFor(Example(type));
        var bytes = serializer.ToBinary(Example(type));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<SerializationException>(
                () => serializer.FromBinary(bytes[..length], serializer.Manifest(Example(type))));
        }
    }

    [Theory]
    [MemberData(nameof(MessageTypes))]
    public void A_length_that_lies_is_refused_before_anything_is_allocated(string type)
    {
        var serializer = (SerializerWithStringManifest)_system.Serialization.FindSerializerFor(Example(type));
        var manifest = serializer.Manifest(Example(type));
        var bytes = serializer.ToBinary(Example(type));
        foreach (var lie in new byte[] { 0x7f, 0xff })
        {
            // The run id's length is the first field of every message.
            var hostile = (byte[])bytes.Clone();
            hostile[1] = hostile[2] = hostile[3] = 0xff;
            hostile[4] = lie;
            Assert.Throws<SerializationException>(() => serializer.FromBinary(hostile, manifest));
        }
    }

    [Theory]
    [MemberData(nameof(MessageTypes))]
    public void A_changed_byte_is_refused_or_read_and_never_anything_worse(string type)
    {
        var serializer = (SerializerWithStringManifest)_system.Serialization.FindSerializerFor(Example(type));
        var manifest = serializer.Manifest(Example(type));
        var bytes = serializer.ToBinary(Example(type));
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var bits in new byte[] { 0x01, 0x80, 0xff })
            {
                var changed = (byte[])bytes.Clone();
                changed[at] ^= bits;
                if (Record.Exception(() => serializer.FromBinary(changed, manifest)) is { } error)
                {
                    Assert.IsType<SerializationException>(error);
                }
            }
        }
    }

    [Fact]
    public void Bytes_behind_the_message_another_schema_and_an_unknown_name_are_refused()
    {
        var example = Example("SaveState");
        var serializer = (SerializerWithStringManifest)_system.Serialization.FindSerializerFor(example);
        var bytes = serializer.ToBinary(example);
        var manifest = serializer.Manifest(example);
        byte[] newer = [ProtocolSerializer.Schema + 1, .. bytes[1..]];

        Assert.Throws<SerializationException>(() => serializer.FromBinary([.. bytes, 0], manifest));
        Assert.Throws<SerializationException>(() => serializer.FromBinary(newer, manifest));
        Assert.Throws<SerializationException>(() => serializer.FromBinary(bytes, "save-the-world"));
    }

    [Fact]
    public void Types_without_a_serializer_neither_leave_nor_enter()
    {
        var json = _system.Serialization.FindSerializerFor(new Uri("http://example.org"));
        Assert.IsType<RefusingSerializer>(json);
        Assert.Throws<SerializationException>(() => json.ToBinary("text"));
        Assert.Throws<SerializationException>(() => _system.Serialization.Deserialize(
            """{"$type":"System.IO.FileInfo"}"""u8.ToArray(), 1, "System.IO.FileInfo"));
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private static IWireMessage Example(string type) => Examples.All.Single(example => example.GetType().Name == type);
}
