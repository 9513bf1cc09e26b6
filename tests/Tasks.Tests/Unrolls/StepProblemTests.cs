using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Unrolls;

public sealed class StepProblemTests
{
    private static readonly StepLoss[] Losses =
        [new(1.5, false), new(-3e5, false), new(2000, false), new(7, true), new(double.NaN, true), new(-0.0, false)];

    private interface IHalf : IStepFunction<float>
    {
        double IStepFunction<float>.Normalize(double loss) => loss / 2;
    }

    [Fact]
    public void Losses_of_a_step_without_a_normalizer_are_cut_off_at_its_ceiling() =>
        Expect(new Plain(), [1.5, -1000, 1000, 1000, 1000, -0.0]);

    [Fact]
    public void A_normalizer_of_one_loss_is_that_of_all() =>
        Expect(new OfOne(), [2.5, -3e5 + 1, 2001, 1000, 1000, 1]);

    [Fact]
    public void A_normalizer_that_a_base_class_has_counts() =>
        Expect(new Derived(), [2.5, -3e5 + 1, 2001, 1000, 1000, 1]);

    [Fact]
    public void A_normalizer_of_an_interface_in_between_counts() =>
        Expect(new InBetween(), [0.75, -1.5e5, 1000, 1000, 1000, -0.0]);

    [Fact]
    public void A_normalizer_of_several_losses_counts() =>
        Expect(new OfSeveral(), [0, 1, 2, 3, 4, 5]);

    private static void Expect(IStepFunction<float> step, double[] expected)
    {
        var normalised = new double[Losses.Length];
        new StepProblem<float>(step).Normalize(Losses, normalised);
        Assert.Equal(
            Array.ConvertAll(expected, BitConverter.DoubleToInt64Bits), Array.ConvertAll(normalised, BitConverter.DoubleToInt64Bits));
    }

    private class Plain : IStepFunction<float>
    {
        public string Name => "plain";

        public ThetaLayout Layout { get; } = new(("a", []));

        public int StateLength => 1;

        public double CeilingLoss => 1000;

        public void InitialTheta(long seed, Span<float> theta) => theta.Clear();

        public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state) => state.Clear();

        public float Step(ReadOnlySpan<float> theta, StepKey key, Span<float> state) => 0;
    }

    private class OfOne : Plain, IStepFunction<float>
    {
        public double Normalize(double loss) => loss + 1;
    }

    private sealed class Derived : OfOne;

    private sealed class InBetween : Plain, IHalf;

    private sealed class OfSeveral : Plain, IStepFunction<float>
    {
        public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised)
        {
            for (var i = 0; i < losses.Length; i++)
            {
                normalised[i] = i;
            }
        }
    }
}
