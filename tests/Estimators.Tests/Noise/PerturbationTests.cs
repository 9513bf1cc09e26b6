using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Noise;

public sealed class PerturbationTests
{
    [Fact]
    public void A_key_is_drawn_again_only_after_another()
    {
        var noise = new CountedNoise();
        var other = new CountedNoise();
        var perturbation = new Perturbation<double>();
        Assert.Equal([3, 3], perturbation.Of(noise, Key(3), 2).ToArray());
        Assert.Equal([3, 3], perturbation.Of(noise, Key(3), 2).ToArray());
        Assert.Equal(1, noise.Drawn);

        Assert.Equal([4, 4], perturbation.Of(noise, Key(4), 2).ToArray());
        Assert.Equal([3, 3], perturbation.Of(noise, Key(3), 2).ToArray());
        Assert.Equal([3, 3, 3], perturbation.Of(noise, Key(3), 3).ToArray());
        Assert.Equal(4, noise.Drawn);

        Assert.Equal([3, 3, 3], perturbation.Of(other, Key(3), 3).ToArray());
        Assert.Equal(1, other.Drawn);
    }

    [Fact]
    public void What_failed_is_drawn_again()
    {
        var noise = new CountedNoise { Fails = true };
        var perturbation = new Perturbation<double>();
        Assert.Throws<InvalidOperationException>(() => perturbation.Of(noise, Key(3), 1).ToArray());
        noise.Fails = false;
        Assert.Equal([3], perturbation.Of(noise, Key(3), 1).ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_window_draws_the_perturbation_of_each_pair_once(int pairs)
    {
        var noise = new CountedNoise();
        var plan = TestPlans.Of(
            new ConstantLoss(), new PersistentES<double>(), noise, new ConstantSchedule(100), new WindowSettings(0, 5));
        Assert.Equal(3, TestPlans.Windows(plan, new PairBlock(0, pairs), 3).Count());
        Assert.Equal(3 * pairs, noise.Drawn);
    }

    [Fact]
    public void Of_many_large_perturbations_the_last_share_a_place()
    {
        var slot = new ComputeSlot<double>();
        Assert.Same(slot.Perturbation(1, 30_000), slot.Perturbation(1, 30_000));
        Assert.NotSame(slot.Perturbation(0, 30_000), slot.Perturbation(1, 30_000));
        Assert.NotSame(slot.Perturbation(1, 30_000), slot.Perturbation(2, 30_000));
        Assert.Same(slot.Perturbation(2, 30_000), slot.Perturbation(3, 30_000));
        Assert.Same(slot.Perturbation(0, 100_000), slot.Perturbation(7, 100_000));
    }

    private static NoiseKey Key(uint window) => NoiseKey.OfWindow(seed: 1, pair: 0, window);

    private sealed class CountedNoise : INoise<double>
    {
        public bool Fails { get; set; }

        public int Drawn { get; private set; }

        public double Sigma => 1;

        public void Fill(NoiseKey key, Span<double> epsilon)
        {
            Drawn++;
            epsilon.Fill(key.Major);
            if (Fails)
            {
                throw new InvalidOperationException("of this noise");
            }
        }
    }
}
