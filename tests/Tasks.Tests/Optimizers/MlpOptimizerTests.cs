using Involute.Tasks.Optimizers;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>Numbers computed independently, in double, from the formulas of the reference system.</summary>
public sealed class MlpOptimizerTests
{
    private const float Large = 1 << 20;

    private static readonly double[] AfterOne = [1.0000625637704665, -1.9999419394753233];
    private static readonly double[] AfterTwo = [1.000119226927745, -1.9998835152051924];

    [Fact]
    public void Features_are_the_golden_ones()
    {
        double[] first = [1.26487059, .63245427, 1.2648611, 1.26474919, 1.26088267, .9877296, .15689291, .01581015];
        double[] second = [.63243529, -1.26490853, .63243055, .63237459, .63044134, .4938648, .07844645, .00790508];
        double[] next = [.44716888, .63250061, .67711399, 1.26458077, 1.39671983, 1.12768983, .18788615, .01897037];
        for (var f = 0; f < 19; f++)
        {
            var optimizer = new MlpOptimizer(hiddenLayers: 0, stepMultiplier: Large);
            Assert.Equal(f < 8 ? first[f] : -.76159416, Feature(optimizer, f, 0), 1e-5);
            Assert.Equal(f < 8 ? second[f] : -.76159416, Feature(optimizer, f, 1), 1e-5);
        }

        // One update with weights of 0 moves the momenta and nothing else.
        for (var f = 0; f < 11; f++)
        {
            var optimizer = new MlpOptimizer(hiddenLayers: 0, stepMultiplier: Large);
            var lane = new Lane(optimizer, [2]);
            lane.Start((float)AfterOne[0], (float)AfterOne[1]);
            lane.Update(new float[optimizer.Layout.Length], .5f, .25f);
            var expected = f < 8 ? next[f] : new[] { 0, -.58278295, -.71629787 }[f - 8];
            Assert.Equal(expected, Step(lane, OneHot(optimizer, f), [.1f, -.3f], 0) / Large, 1e-5);
        }
    }

    [Fact]
    public void Outputs_are_the_golden_ones()
    {
        double[] directions = [-.06256445403235786, -.05806178685496313];
        double[] magnitudes = [-.010925847039805425, -.021738772922920896];
        var optimizer = new MlpOptimizer(stepMultiplier: Large, exponentMultiplier: 0);
        var theta = Lane.SineTheta(optimizer.Layout);
        var swapped = (float[])theta.Clone();
        foreach (var name in new[] { "w2", "b2" })
        {
            var slice = optimizer.Layout[name];
            for (var i = slice.Offset; i < slice.Offset + slice.Length; i += 2)
            {
                (swapped[i], swapped[i + 1]) = (theta[i + 1], theta[i]);
            }
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(directions[i], First(optimizer, theta, i) / Large, 1e-5 * Math.Abs(directions[i]));
            Assert.Equal(magnitudes[i], First(optimizer, swapped, i) / Large, 1e-5 * Math.Abs(magnitudes[i]));
        }
    }

    [Fact]
    public void Steps_are_the_golden_ones()
    {
        // The step is linear in its multiplier; the default's digits would drown in the parameters'.
        var larger = new MlpOptimizer(stepMultiplier: 1);
        var optimizer = new MlpOptimizer();
        var theta = Lane.SineTheta(optimizer.Layout);
        var lane = new Lane(optimizer, [2]);
        lane.Start(1, -2);
        lane.Update(theta, .5f, .25f);
        for (var i = 0; i < 2; i++)
        {
            var start = i == 0 ? 1 : -2;
            Assert.Equal((start - AfterOne[i]) * 1000, First(larger, theta, i), 1e-5 * 0.06);
            Assert.Equal(AfterOne[i], lane.Parameters[i], 6.1e-8);
        }

        lane.Update(theta, .1f, -.3f);
        Assert.Equal(AfterTwo[0], lane.Parameters[0], 1.3e-7);
        Assert.Equal(AfterTwo[1], lane.Parameters[1], 1.3e-7);
    }

    [Fact]
    public void The_naive_program_gives_the_golden_numbers_in_double()
    {
        var lane = new Lane(new MlpOptimizer(), [2]);
        var naive = new NaiveMlpOptimizer(lane.Tensors);
        var theta = Lane.SineThetaInDouble(new MlpOptimizer().Layout);
        double[] parameters = [1, -2];
        naive.Update(theta, parameters, [.5, .25]);
        Assert.Equal(AfterOne[0], parameters[0], 1e-14);
        Assert.Equal(AfterOne[1], parameters[1], 1e-14);
        naive.Update(theta, parameters, [.1, -.3]);
        Assert.Equal(AfterTwo[0], parameters[0], 1e-14);
        Assert.Equal(AfterTwo[1], parameters[1], 1e-14);
    }

    private static double Feature(MlpOptimizer optimizer, int feature, int element) =>
        First(optimizer, OneHot(optimizer, feature), element) / Large;

    private static double First(MlpOptimizer optimizer, float[] theta, int element)
    {
        var lane = new Lane(optimizer, [2]);
        lane.Start(1, -2);
        return Step(lane, theta, [.5f, .25f], element);
    }

    private static double Step(Lane lane, float[] theta, float[] gradient, int element)
    {
        double before = lane.Parameters[element];
        lane.Update(theta, gradient);
        return before - lane.Parameters[element];
    }

    /// <summary>Weights of a linear rule whose direction is one feature.</summary>
    private static float[] OneHot(MlpOptimizer optimizer, int feature)
    {
        var theta = new float[optimizer.Layout.Length];
        theta[2 * feature] = 1;
        return theta;
    }
}
