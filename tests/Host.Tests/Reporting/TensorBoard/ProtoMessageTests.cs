using Involute.Host.Reporting.TensorBoard;
using Xunit;

namespace Involute.Host.Tests.Reporting.TensorBoard;

/// <summary>The examples of the definition ("Encoding", protobuf.dev), and the other types by hand.</summary>
public sealed class ProtoMessageTests
{
    [Fact]
    public void Fields_are_encoded_as_the_definition_says()
    {
        Assert.Equal("089601", Hex(new ProtoMessage().Int64(1, 150)));
        Assert.Equal("120774657374696E67", Hex(new ProtoMessage().Text(2, "testing")));
        Assert.Equal("1A03089601", Hex(new ProtoMessage().Message(3, new ProtoMessage().Int64(1, 150))));
        Assert.Equal("0D0000C03F", Hex(new ProtoMessage().Float(1, 1.5f)));
        Assert.Equal("09000000000000F83F", Hex(new ProtoMessage().Double(1, 1.5)));
        Assert.Equal("3210000000000000F83F00000000000000C0", Hex(new ProtoMessage().Doubles(6, [1.5, -2])));
        Assert.Equal("08FFFFFFFFFFFFFFFFFF01", Hex(new ProtoMessage().Int64(1, -1)));
    }

    private static string Hex(ProtoMessage message) => Convert.ToHexString(message.Bytes);
}
