using Involute.Host.Reporting.TensorBoard;
using Xunit;

namespace Involute.Host.Tests.Reporting.TensorBoard;

/// <summary>Known answers: RFC 3720, appendix B.4, and the check value of the algorithm.</summary>
public sealed class MaskedCrc32CTests
{
    [Fact]
    public void The_check_sum_is_that_of_the_standard()
    {
        Assert.Equal(0x8A9136AAu, MaskedCrc32C.Plain(new byte[32]));
        Assert.Equal(0x62A8AB43u, MaskedCrc32C.Plain([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, MaskedCrc32C.Plain([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0xE3069283u, MaskedCrc32C.Plain("123456789"u8));
    }

    [Fact]
    public void The_mask_turns_it_and_adds_a_constant()
    {
        const uint plain = 0xE3069283;
        Assert.Equal(unchecked(((plain >> 15) | (plain << 17)) + 0xa282ead8u), MaskedCrc32C.Of("123456789"u8));
    }
}
