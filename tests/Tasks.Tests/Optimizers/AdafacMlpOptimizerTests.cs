using Involute.Tasks.Optimizers;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>Numbers computed independently, in double, from the formulas of the reference system.</summary>
public sealed class AdafacMlpOptimizerTests
{
    private const float Large = 1 << 20;
    private const int Decays = 7;

    private static readonly float[] Start = [1, 2, 3, 4, 5, 6];
    private static readonly float[] Gradient1 = [.1f, -.2f, .3f, -.4f, .5f, -.6f];
    private static readonly float[] Gradient2 = [.05f, .1f, -.1f, .2f, -.3f, .4f];

    private static readonly double[] AfterOne =
    [
        .9999417418836719, 1.9999428516903093, 2.9999412125729283,
        3.999942291309427, 4.999940981542438, 5.999942155586009,
    ];

    private static readonly double[] AfterTwo =
    [
        .9998834441377793, 1.9998853963512409, 2.9998838389342457,
        3.9998844860862763, 4.999883851356758, 5.999883419416283,
    ];

    [Fact]
    public void Features_are_the_golden_ones()
    {
        double[] expected =
        [
            .256767831, .256776211, .255933943, .199336648, .0313856643, .0031562995,
            .964722924, .964674039, .959822785, 1.97913743, .636903094, .636903398, .636903429,
            .249344899, .127470407, .0147322517, .514521938, .239183699, .0268440945,
            1.30088704, 1.30088551, 1.30086973, 1.23592321, 1.2359217, 1.23590579,
            .636869649, .636565849, .633551582, .. Enumerable.Repeat(Math.Tanh(-1), 11),
        ];

        for (var f = 0; f < expected.Length; f++)
        {
            var optimizer = new AdafacMlpOptimizer(hiddenLayers: 0, stepMultiplier: Large);
            var theta = new float[optimizer.Layout.Length];
            theta[Decays + (2 * f)] = 1;
            Assert.Equal(expected[f], FirstStep(optimizer, theta)[0] / Large, 1e-5 * Math.Abs(expected[f]));
        }
    }

    [Fact]
    public void Steps_are_the_golden_ones()
    {
        // The step is linear in its multiplier; the default's digits would drown in the parameters'.
        var larger = new AdafacMlpOptimizer(stepMultiplier: 1);
        var theta = Lane.SineTheta(larger.Layout);
        var steps = FirstStep(larger, theta);
        var lane = new Lane(new AdafacMlpOptimizer(), [2, 3]);
        lane.Start(Start);
        lane.Update(theta, Gradient1);
        for (var i = 0; i < Start.Length; i++)
        {
            Assert.Equal((Start[i] - AfterOne[i]) * 1000, steps[i], 1e-5 * 0.06);
            Assert.Equal(AfterOne[i], lane.Parameters[i], 0.51 * Start[i] * 1.2e-7);
        }

        lane.Update(theta, Gradient2);
        for (var i = 0; i < Start.Length; i++)
        {
            Assert.Equal(AfterTwo[i], lane.Parameters[i], 1.02 * Start[i] * 1.2e-7);
        }
    }

    [Fact]
    public void The_naive_program_gives_the_golden_numbers_in_double()
    {
        var lane = new Lane(new AdafacMlpOptimizer(), [2, 3]);
        var naive = new NaiveAdafacMlpOptimizer(lane.Tensors);
        var theta = Lane.SineThetaInDouble(new AdafacMlpOptimizer().Layout);
        var parameters = Array.ConvertAll(Start, value => (double)value);
        double[] gradient1 = [.1, -.2, .3, -.4, .5, -.6];
        double[] gradient2 = [.05, .1, -.1, .2, -.3, .4];
        naive.Update(theta, parameters, gradient1);
        Assert.All(AfterOne.Zip(parameters), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
        naive.Update(theta, parameters, gradient2);
        Assert.All(AfterTwo.Zip(parameters), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }

    private static double[] FirstStep(AdafacMlpOptimizer optimizer, float[] theta)
    {
        var lane = new Lane(optimizer, [2, 3]);
        lane.Start(Start);
        lane.Update(theta, Gradient1);
        return [.. Start.Select((before, i) => (double)before - lane.Parameters[i])];
    }
}
