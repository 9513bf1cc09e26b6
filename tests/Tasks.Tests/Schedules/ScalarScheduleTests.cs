using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Tasks.Tests.Schedules;

public sealed class ScalarScheduleTests
{
    // As the reference system computes it.
    [Theory]
    [InlineData(0, 1e-6)]
    [InlineData(1, 1e-6)]
    [InlineData(100, 1e-4)]
    [InlineData(1000, 1e-3)]
    [InlineData(4000, 5e-4)]
    public void Linear_ramp_up_and_sqrt_decay_match_the_reference(long step, double expected) =>
        Assert.Equal(expected, new LinearRampUpSqrtDecay(1e-3, 1000).At(step), 1e-15);

    [Fact]
    public void Exponential_decay_matches_the_reference()
    {
        var schedule = new ExponentialDecay(1e-3, 7e-5);
        Assert.Equal(1e-3, schedule.At(0));
        Assert.Equal(1e-3 * (1 - 7e-5), schedule.At(1), 1e-18);
        Assert.Equal(9.1166e-7, schedule.At(100_000), 5e-12);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(5, 2)]
    [InlineData(10, 3)]
    [InlineData(15, 4)]
    [InlineData(20, 2)]
    [InlineData(25, 0)]
    [InlineData(1000, 0)]
    public void Straight_lines_between_points(long step, double expected) =>
        Assert.Equal(expected, new PiecewiseLinear((5, 2), (15, 4), (25, 0)).At(step), 1e-15);

    // cos(π/3) = 1/2, cos(π/2) = 0.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0.5)]
    [InlineData(10, 1)]
    [InlineData(20, 0.1 + (0.9 * 0.75))]
    [InlineData(25, 0.55)]
    [InlineData(30, 0.1 + (0.9 * 0.25))]
    [InlineData(40, 0.1)]
    [InlineData(90, 0.1)]
    public void Cosine_decay_after_a_warm_up(long step, double expected) =>
        Assert.Equal(expected, new CosineDecay(1, 40, 0.1, 10).At(step), 1e-15);

    [Fact]
    public void A_constant_is_constant() => Assert.Equal(0.5, new ConstantValue(0.5).At(77));

    [Fact]
    public void Points_whose_steps_do_not_rise_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PiecewiseLinear());
        Assert.Throws<ArgumentException>(() => new PiecewiseLinear((5, 1), (5, 2)));
    }
}
