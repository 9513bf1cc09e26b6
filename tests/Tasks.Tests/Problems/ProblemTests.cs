using Involute.Tasks.Problems;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Problems;

/// <summary>The published problems against numbers that others computed, or that follow by hand.</summary>
public sealed class ProblemTests
{
    [Fact]
    public void Influence_balancing_has_its_published_loss_over_100_steps() =>
        Assert.Equal(994.784358382, Sum(new InfluenceBalancing<double>(), 100), 1e-9);

    // (I − A)⁻¹ v has first entry −6: at rest s₁ = −6 θ.
    [Theory]
    [InlineData(0.5)]
    [InlineData(-1.0 / 6)]
    public void Influence_balancing_comes_to_rest_where_it_should(double theta)
    {
        var last = Trajectories.Losses(new InfluenceBalancing<double>(), [theta], 1000)[^1];
        Assert.Equal(0.5 * ((6 * theta) + 1) * ((6 * theta) + 1), last, 1e-12);
    }

    [Fact]
    public void One_theta_per_component_is_the_same_system()
    {
        var vector = new InfluenceBalancing<double>(vector: true);
        Assert.Equal(23, vector.Layout.Length);
        Assert.Equal(Sum(new InfluenceBalancing<double>(), 100), Sum(vector, 100));
    }

    [Fact]
    public void Toy_regression_has_its_published_losses()
    {
        var toy = new ToyRegression2D<double>();
        Assert.Equal(24.968193, new RuggedFunction<double>(100).Value<Real<double>>(new(1), new(1)).Value, 1e-6);
        Assert.Equal(2487.7688, Sum(toy, 100), 1e-4);
        // The best of a grid; its neighbourhood is too rugged for the three digits that are known of it.
        Assert.InRange(Trajectories.Losses(toy, [2.839, -3.119], 100).Sum(), 550, 570);
    }

    [Theory]
    [InlineData(1, 1.5864666667, 1e-10)]
    [InlineData(10, 1.5254972871, 1e-10)]
    [InlineData(100, 32.1352722797, 1e-9)]
    [InlineData(500, 29.4883162516, 1e-6)]
    [InlineData(1000, 33.070266, 1e-4)]
    public void The_true_Lorenz_system_runs_as_published(int step, double expected, double tolerance)
    {
        var height = double.NaN;
        Trajectories.Losses(new Lorenz<double>(), [3.116, 3.7], step, (_, state) => height = state[5]);
        Assert.Equal(expected, height, tolerance);
    }

    [Fact]
    public void The_initial_Lorenz_parameters_have_their_published_loss() =>
        Assert.Equal(353.2994, Sum(new Lorenz<double>(), 2000) / 2000, 1e-3);

    [Fact]
    public void A_spread_moves_both_systems_alike_and_differently_per_trajectory()
    {
        var state = Trajectories.Start(new Lorenz<double>(spread: 1), new Trajectory(new(1, 0, 0), 10));
        var other = Trajectories.Start(new Lorenz<double>(spread: 1), new Trajectory(new(1, 0, 1), 10));
        Assert.Equal(state[..3], state[3..]);
        Assert.NotEqual(state, other);
    }

    [Fact]
    public void Smoothed_quadratics_take_gradient_steps()
    {
        Assert.Equal(
            [0.245, 0.12005], Trajectories.Losses(new SmoothedQuadratic<double>([1], [1], 0.3), [0.3], 2), Close);
        double[] two = Trajectories.Losses(new SmoothedQuadratic<double>([1, 0.5], [1, 2], 0.3), [0.3], 1);
        Assert.Equal(0.245 + (0.25 * 1.7 * 1.7), two[0], 1e-15);
        var logarithmic = new SmoothedQuadratic<double>([1], [1], 0.3, logarithmic: true);
        Assert.Equal(0.5, Trajectories.Losses(logarithmic, [0.693147180559945], 1)[0], 1e-14);
    }

    [Fact]
    public void Memoryless_losses_are_linear_in_theta()
    {
        Assert.Equal(5.0, Trajectories.Losses(new MemorylessLinear<double>(4, false), [1, 2, 3, 4], 3)[2]);
        Assert.Equal([1.0, 2, 3, 4, 1], Trajectories.Losses(new MemorylessLinear<double>(4, true), [1, 2, 3, 4], 5));
    }

    [Fact]
    public void Common_noise_depends_on_the_step_and_not_on_theta()
    {
        var quiet = new SmoothedQuadratic<double>([1], [1], 0.3);
        var noisy = new CommonNoise<double>(quiet, 10);
        double[] Noise(double theta) =>
            [.. Trajectories.Losses(noisy, [theta], 3).Zip(Trajectories.Losses(quiet, [theta], 3), (a, b) => a - b)];
        Assert.Equal(Noise(0.3), Noise(0.5), (a, b) => Math.Abs(a - b) < 1e-13);
        Assert.Equal(3, Noise(0.3).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_character_model_starts_near_the_entropy_of_50_characters(bool repeated)
    {
        var lstm = new ToyLstm<double>(repeated);
        Assert.Equal(790, lstm.Layout.Length);
        Assert.Equal(3.912, Sum(lstm, 1000) / 1000, 1.0);
        Assert.Equal(Math.Round(3.912023, 6), Math.Round(Trajectories.Losses(lstm, new double[790], 1)[0], 6));
    }

    private static double Sum(IStepFunction<double> problem, int steps) =>
        Trajectories.Losses(problem, Trajectories.Theta(problem), steps).Sum();

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < 1e-15;
}
