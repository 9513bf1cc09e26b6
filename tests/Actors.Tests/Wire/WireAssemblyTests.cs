using Akka.Actor;
using Akka.Event;
using Involute.Actors.Protocol;
using Involute.Actors.Wire;
using Involute.Estimators.Plans;
using Involute.Runs;
using Xunit;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Wire;

public sealed class WireAssemblyTests
{
    private const int Piece = 100;
    private static readonly RunId Run = new("run");
    private readonly WireAssembly _assembly = new(NoLogger.Instance, mostBytes: 10 * Piece, mostMessages: 5);

    [Fact]
    public void Pieces_in_order_are_the_message()
    {
        var (chunks, message) = Cut();
        foreach (var chunk in chunks.SkipLast(1))
        {
            Assert.Null(_assembly.Offer(Sender(1), chunk));
        }

        Assert.Equal(FieldText.Of(message), FieldText.Of(_assembly.Offer(Sender(1), chunks[^1])));
        AssertEmpty();
    }

    [Fact]
    public void A_gap_a_repetition_and_a_change_of_mind_lose_the_message()
    {
        var (chunks, _) = Cut();
        MessageChunk[][] broken =
        [
            [chunks[0], chunks[2]],
            [chunks[0], chunks[1], chunks[1]],
            [chunks[0], chunks[1] with { Count = 99 }],
            [chunks[0], chunks[1] with { Message = 99 }],
            [chunks[1]],
            [chunks[0] with { Index = -1 }],
        ];
        foreach (var pieces in broken)
        {
            Assert.All(pieces.Concat(chunks.Skip(2)), piece => Assert.Null(_assembly.Offer(Sender(1), piece)));
            AssertEmpty();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(WireLink.MostPieces + 1)]
    [InlineData(int.MaxValue)]
    public void A_message_of_too_many_pieces_or_of_none_is_not_begun(int count)
    {
        Assert.Null(_assembly.Offer(Sender(1), Beginning(1) with { Count = count }));
        AssertEmpty();
    }

    [Fact]
    public void A_whole_that_is_no_message_is_dropped()
    {
        var (chunks, _) = Cut();
        MessageChunk[] wholes =
        [
            Beginning(1) with { Count = 1 },
            Beginning(1) with { Count = 1, Manifest = "save-the-world" },
            chunks[0] with { Count = 1 },
        ];
        Assert.All(wholes, whole => Assert.Null(_assembly.Offer(Sender(1), whole)));
        AssertEmpty();
    }

    [Fact]
    public void Beginnings_do_not_fill_the_memory_and_whoever_goes_on_is_served()
    {
        var (chunks, message) = Cut();
        object? whole = null;
        foreach (var chunk in chunks)
        {
            whole = _assembly.Offer(Sender(0), chunk);
            for (var rogue = 1; rogue < 4; rogue++)
            {
                _assembly.Offer(Sender(rogue), Beginning(rogue));
                Assert.InRange(_assembly.UnfinishedBytes, 0, 10 * Piece);
                Assert.InRange(_assembly.Unfinished, 0, 5);
            }
        }

        Assert.Equal(FieldText.Of(message), FieldText.Of(whole));
        for (var rogue = 1; rogue < 1000; rogue++)
        {
            _assembly.Offer(Sender(rogue), Beginning(rogue));
            _assembly.Offer(Sender(rogue), Beginning(rogue) with { Index = 1 });
            Assert.InRange(_assembly.UnfinishedBytes, 0, 10 * Piece);
            Assert.InRange(_assembly.Unfinished, 0, 5);
        }
    }

    [Fact]
    public void One_sender_alone_is_bounded_too()
    {
        for (var index = 0; index < 1000; index++)
        {
            _assembly.Offer(Sender(1), Beginning(1) with { Index = index, Count = 1000 });
            Assert.InRange(_assembly.UnfinishedBytes, 0, 10 * Piece);
        }

        AssertEmpty();
    }

    [Fact]
    public void A_process_that_is_gone_is_forgotten()
    {
        _assembly.Offer(Sender(1), Beginning(1));
        _assembly.Offer(Sender(2), Beginning(2));
        _assembly.Forget(Sender(1).Path.Address);
        Assert.Equal((1, Piece), (_assembly.Unfinished, (int)_assembly.UnfinishedBytes));
    }

    // Each sender is in a process of its own.
    private static Nobody Sender(int number) => new(number);

    private static MessageChunk Beginning(long message) => new(Run, message, 0, 3, "save-state", new byte[Piece]);

    private static (MessageChunk[] Chunks, ThetaPublished Message) Cut()
    {
        var message = new ThetaPublished(Run, new Theta<float>(new ThetaVersion(3), new float[Piece]), true);
        var (manifest, bytes) = ProtocolSerializer.Write(message);
        var count = (bytes.Length + Piece - 1) / Piece;
        return (
            [
                .. bytes.Chunk(Piece).Select((piece, index) => new MessageChunk(Run, 7, index, count, manifest, piece)),
            ],
            message);
    }

    private void AssertEmpty() => Assert.Equal((0, 0), (_assembly.Unfinished, (int)_assembly.UnfinishedBytes));

    private sealed class Nobody(int number) : MinimalActorRef
    {
        public override ActorPath Path { get; } =
            new RootActorPath(new Address("akka.tcp", "involute", "10.0.0.1", number + 1)) / "user";

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}
