using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Randomness;

public sealed class Philox4x32Tests
{
    // The three vectors for philox4x32_10 of Random123's known-answer file.
    [Fact]
    public void Matches_the_known_answer_for_zeros() =>
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox4x32.Block(0, 0, 0, 0, 0, 0));

    [Fact]
    public void Matches_the_known_answer_for_ones()
    {
        const uint ones = uint.MaxValue;
        Assert.Equal(
            (0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), Philox4x32.Block(ones, ones, ones, ones, ones, ones));
    }

    [Fact]
    public void Matches_the_known_answer_for_digits_of_pi() =>
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox4x32.Block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
}
