using Involute.Actors.Cluster;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

public sealed class AkkaGreetingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_greeting_says_who_is_where(bool encrypted)
    {
        var hello = AkkaGreeting.Hello("node-7.invalid", encrypted);

        Assert.Equal(hello.Length - AkkaGreeting.LengthBytes, BitConverter.ToInt32(hello));
        Assert.Equal(
            (ClusterHocon.SystemName, new Endpoint("node-7.invalid", 1)),
            AkkaGreeting.ReadAnswer(hello.AsMemory(AkkaGreeting.LengthBytes)));
        Assert.Null(AkkaGreeting.ReadAnswer(AkkaGreeting.Goodbye().AsMemory(AkkaGreeting.LengthBytes)));
    }

    // Whoever listens where a member is looked for may answer anything.
    [Fact]
    public void What_is_no_answer_is_none_whatever_it_is()
    {
        var hello = AkkaGreeting.Hello("node-7.invalid", encrypted: false)[AkkaGreeting.LengthBytes..];
        var state = 1u;
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            byte[] mutated = [.. hello];
            for (var change = 0; change <= i % 3; change++)
            {
                state = (state * 1664525) + 1013904223;
                mutated[(int)((state >> 8) % mutated.Length)] = (byte)(state >> 24);
            }

            var length = i % 5 == 0 ? (int)(state % hello.Length) : hello.Length;
            var answer = AkkaGreeting.ReadAnswer(mutated.AsMemory(0, length));
            read += answer is null ? 0 : 1;
            Assert.True(answer is null or { Place.Port: > 0 and <= 65535 });
        }

        Assert.InRange(read, 1, 19_999);
    }
}
