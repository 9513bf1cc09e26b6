using Involute.Tasks.Optimizers;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

public sealed class LearnedRuleLawTests
{
    private const int Steps = 20;

    private static readonly int[][] Shapes =
        [[], [1], [5], [3, 7], [7, 3], [4, 4], [1, 6], [2, 3, 4], [4, 2, 3], [3, 5, 3], [2, 1, 3, 2], [130], [33, 9]];

    public static TheoryData<string> Names => ["mlp", "adafac-mlp"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Updates_follow_a_naive_program_in_double(string name)
    {
        // Steps of the size of the parameters, so that rounding the parameters hides nothing.
        var optimizer = Create(name, 1);
        var lane = new Lane(optimizer, Shapes);
        lane.RandomStart();
        var theta = Theta(optimizer);
        INaiveOptimizer naive = name == "mlp"
            ? new NaiveMlpOptimizer(lane.Tensors, 1)
            : new NaiveAdafacMlpOptimizer(lane.Tensors, 1);
        var wide = Array.ConvertAll(theta, value => (double)value);
        var expected = Array.ConvertAll(lane.Parameters[..lane.Length], value => (double)value);
        for (var step = 0; step < Steps; step++)
        {
            lane.RandomGradient(step);
            lane.Update(theta);
            naive.Update(wide, expected, Array.ConvertAll(lane.Gradient[..lane.Length], value => (double)value));
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], lane.Parameters[i], 1e-4 * (1 + Math.Abs(expected[i])));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Permuting_the_elements_of_a_tensor_permutes_its_update(string name)
    {
        // Reversing a tensor reverses every dimension, which is a permutation that factored averages respect.
        var optimizer = Create(name, 1);
        var theta = Theta(optimizer);
        foreach (var shape in Shapes)
        {
            var (straight, reversed) = (new Lane(optimizer, shape), new Lane(optimizer, shape));
            straight.RandomStart();
            reversed.Start([.. straight.Parameters[..straight.Length].Reverse()]);
            for (var step = 0; step < Steps; step++)
            {
                straight.RandomGradient(step);
                straight.Update(theta);
                reversed.Update(theta, [.. straight.Gradient[..straight.Length].Reverse()]);
            }

            for (var i = 0; i < straight.Length; i++)
            {
                Assert.Equal(straight.Parameters[i], reversed.Parameters[straight.Length - 1 - i], 1e-4f);
            }
        }
    }

    [Theory]
    [InlineData("mlp", 6)]
    [InlineData("adafac-mlp", 4)]
    public void Padding_stays_zero_and_neighbours_do_not_matter(string name, int slots)
    {
        var optimizer = Create(name);
        LaneLaws.PaddingStaysZeroAndNeighboursDoNotMatter(optimizer, Theta(optimizer), slots, Steps);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_copied_lane_goes_on_with_the_same_bits(string name)
    {
        var optimizer = Create(name);
        var theta = Theta(optimizer);
        var lane = new Lane(optimizer, Shapes);
        lane.RandomStart();
        Run(lane, theta, 0);
        var copy = new Lane(Create(name), Shapes) { Parameters = [.. lane.Parameters], State = [.. lane.State] };
        Run(lane, theta, Steps);
        var thread = new Thread(() => Run(copy, theta, Steps));
        thread.Start();
        thread.Join();
        Assert.Equal(lane.Parameters, copy.Parameters);
        Assert.Equal(lane.State, copy.State);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Updates_allocate_nothing(string name)
    {
        var optimizer = Create(name);
        var theta = Theta(optimizer);
        var lane = new Lane(optimizer, Shapes);
        lane.RandomGradient(0);
        Assert.Equal(0, Allocation.OfEachCall(() =>
        {
            for (var step = 0; step < 10; step++)
            {
                optimizer.Update(theta, lane.Tensors, lane.Parameters, lane.State, lane.Gradient);
            }
        }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_that_is_not_finite_is_not_hidden(string name)
    {
        var optimizer = Create(name);
        var lane = new Lane(optimizer, [3, 4]);
        lane.RandomStart();
        lane.Update(Theta(optimizer), [1, float.NaN]);
        Assert.Contains(lane.Parameters, float.IsNaN);
    }

    [Theory]
    [InlineData("mlp", 6)]
    [InlineData("adafac-mlp", 4)]
    public void Ten_million_updates_are_counted_exactly(string name, int slots)
    {
        var optimizer = Create(name);
        var lane = new Lane(optimizer, [5]);
        var counter = (slots * 16) + (name == "mlp" ? 0 : 16);
        lane.State[counter] = 9_999_999;
        lane.Update(Theta(optimizer), 1);
        Assert.Equal(10_000_000, lane.State[counter]);
    }

    [Theory]
    [InlineData("mlp", 1762)]
    [InlineData("adafac-mlp", 197)]
    public void Theta_starts_from_truncated_normals_of_the_seed(string name, int length)
    {
        var optimizer = Create(name);
        float[] theta = new float[length], again = new float[length], other = new float[length];
        Assert.Equal(length, optimizer.Layout.Length);
        optimizer.InitialTheta(1, theta);
        optimizer.InitialTheta(1, again);
        optimizer.InitialTheta(2, other);
        Assert.Equal(theta, again);
        Assert.NotEqual(theta, other);
        foreach (var slice in optimizer.Layout.Slices)
        {
            var values = theta[slice.Offset..(slice.Offset + slice.Length)];
            if (slice.Name[0] != 'w')
            {
                Assert.All(values, value => Assert.Equal(0, value));
                continue;
            }

            var scaled = values.Select(value => value * Math.Sqrt(slice.Shape[0])).ToArray();
            Assert.All(scaled, value => Assert.InRange(value, -2, 2));
            var deviation = Math.Sqrt(scaled.Average(value => value * value));
            Assert.Equal(0.8796, deviation, 4 * 0.8796 / Math.Sqrt(2 * slice.Length));
        }
    }

    [Fact]
    public void The_state_of_mlp_is_momenta_by_name()
    {
        var lane = new Lane(new MlpOptimizer(), [2, 3], [2]);
        lane.Update(Theta(new MlpOptimizer()), 1, 2, 3, 4, 5, 6, -1, 0);
        var state = Described(new MlpOptimizer(), lane);
        Assert.Equal((6 * 2) + 1, state.Count);
        Assert.Equal([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f], state["m0.9/t0"], Close);
        Assert.Equal([-0.01f, 0], state["m0.99/t1"], Close);
        Assert.Equal([1], state["iteration"]);
    }

    [Fact]
    public void The_state_of_adafac_mlp_is_momenta_and_mean_squares_by_name()
    {
        // Decays at their start; rows are averages over the larger dimension, here the second.
        var optimizer = new AdafacMlpOptimizer();
        var theta = new float[optimizer.Layout.Length];
        var lane = new Lane(optimizer, [2, 3], [2]);
        lane.Update(theta, 1, 2, 3, 4, 5, 6, -1, 0);
        var state = Described(optimizer, lane);
        Assert.Equal((4 * 2) + 3 + (3 * 2) + 1, state.Count);
        Assert.Equal([0.001f, 0.002f, 0.003f, 0.004f, 0.005f, 0.006f], state["m0.999/t0"], Close);
        Assert.Equal([0.001f, 0], state["rms0.999/t1"], Close);
        Assert.Equal([1.4f / 3, 7.7f / 3], state["row0.9/t0"], Close);
        Assert.Equal([0.085f, 0.145f, 0.225f], state["column0.99/t0"], Close);
        Assert.Equal([0.01f, 0], state["v0.99/t1"], Close);
        Assert.Equal([1], state["iteration"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_number_of_the_state_but_padding_has_one_name(string name)
    {
        var optimizer = Create(name);
        var lane = new Lane(optimizer, Shapes);
        var names = new int[lane.State.Length];
        foreach (var slice in optimizer.DescribeState(lane.Tensors))
        {
            for (var i = slice.Offset; i < slice.Offset + slice.Length; i++)
            {
                names[i]++;
            }
        }

        Array.Fill(lane.Gradient, 1, 0, lane.Length);
        optimizer.Update(Theta(optimizer), lane.Tensors, lane.Parameters, lane.State, lane.Gradient);
        Assert.All(names.Zip(lane.State), pair => Assert.Equal(pair.Second != 0 ? 1 : 0, pair.First));
    }

    private static Dictionary<string, float[]> Described(ILearnedOptimizer optimizer, Lane lane) =>
        optimizer.DescribeState(lane.Tensors).ToDictionary(
            slice => slice.Name, slice => lane.State[slice.Offset..(slice.Offset + slice.Length)]);

    private static bool Close(float expected, float actual) => Math.Abs(expected - actual) <= 1e-6f;

    private static ILearnedOptimizer Create(string name, double stepMultiplier = 0.001) => name == "mlp"
        ? new MlpOptimizer(stepMultiplier: stepMultiplier)
        : new AdafacMlpOptimizer(stepMultiplier: stepMultiplier);

    /// <summary>Initial theta, with decays that are not the initial ones and of which one is clipped.</summary>
    private static float[] Theta(ILearnedOptimizer optimizer)
    {
        var theta = new float[optimizer.Layout.Length];
        optimizer.InitialTheta(3, theta);
        if (optimizer is AdafacMlpOptimizer)
        {
            new float[] { 0.05f, -0.1f, 0.02f, 0.1f, 0.4f, -0.05f, 0.1f }.CopyTo(theta, 0);
        }

        return theta;
    }

    private static void Run(Lane lane, float[] theta, int firstStep)
    {
        for (var step = firstStep; step < firstStep + Steps; step++)
        {
            lane.RandomGradient(step);
            lane.Update(theta);
        }
    }
}
