using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Host.Reporting.Clock;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Host.Tests.Reporting.Clock;

/// <summary>The law of the ratio: with fixed seeds, within a few standard errors.</summary>
public sealed class SignalToNoiseTests
{
    private const int Blocks = 16;
    private const int Length = 1000;

    [Fact]
    public void Pure_noise_has_a_ratio_of_about_one()
    {
        Assert.InRange(SignalToNoise.Of(Parts(signal: 0, pairsPerBlock: 1)), 0.9, 1.1);
    }

    [Fact]
    public void A_signal_has_the_ratio_of_its_size_to_the_error_of_the_mean()
    {
        // Entries of 0.5 with noise of 1 in each of 16 pairs: an error of 1/4, and the noise adds its own square.
        Assert.InRange(SignalToNoise.Of(Parts(signal: 0.5, pairsPerBlock: 1)), 0.9 * Math.Sqrt(5), 1.1 * Math.Sqrt(5));
    }

    [Fact]
    public void It_does_not_depend_on_how_pairs_are_put_into_blocks_of_equal_size()
    {
        Assert.InRange(SignalToNoise.Of(Parts(signal: 0.5, pairsPerBlock: 4)), 0.85 * Math.Sqrt(17), 1.15 * Math.Sqrt(17));
    }

    [Fact]
    public void One_block_tells_nothing_of_its_error()
    {
        Assert.True(double.IsNaN(SignalToNoise.Of([.. Parts(0.5, 1).Take(1)])));
    }

    // A block's gradient is the sum over its pairs, each the signal and noise of variance 1.
    private static PairContribution<float>[] Parts(double signal, int pairsPerBlock) =>
    [
        .. Enumerable.Range(0, Blocks).Select(block =>
        {
            var gradient = new float[Length];
            var noise = new float[Length];
            for (var pair = 0; pair < pairsPerBlock; pair++)
            {
                new CounterStream(7, 0, 0, (block * pairsPerBlock) + pair, RandomStream.ParameterInitialisation)
                    .FillNormal(noise);
                for (var i = 0; i < Length; i++)
                {
                    gradient[i] += (float)signal + noise[i];
                }
            }

            return new PairContribution<float>(
                new PairBlock(block * pairsPerBlock, pairsPerBlock), new ThetaVersion(0), gradient, []);
        }),
    ];
}
