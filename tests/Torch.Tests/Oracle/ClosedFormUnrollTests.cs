using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Oracle;

/// <summary>
/// Gradient descent on f = p² from p = 1 with theta = ln lr: with r = 1 − 2 lr, the loss before step t is r²ᵗ.
/// </summary>
public sealed class ClosedFormUnrollTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(0.01, 10, 0.8393738086992564, -0.14278152352058465, 0.695135330857033, -0.2553558358250324)]
    [InlineData(0.1, 5, 0.495903232, -0.291672064, 0.16777216, -0.33554432)]
    public void Gradients_through_the_unroll_are_those_of_the_closed_form(
        double rate, int steps, double mean, double meanGradient, double last, double lastGradient)
    {
        TorchRequired.OrSkip();
        using var scope = NewDisposeScope();
        var theta = Theta(rate);
        var losses = Losses(theta, steps);
        Near(mean, losses.mean());
        Near(meanGradient, Derivative(losses.mean(), theta));
        Near(last, losses[^1]);
        Near(lastGradient, Derivative(losses[^1], theta));

        // The loss falls at every step: the smallest is the last, and so is its gradient.
        Near(last, losses.min());
        Near(lastGradient, Derivative(losses.min(), theta));
    }

    // d²/dθ² r²ᵗ, with dr/dθ = d²r/dθ² = −2 lr.
    [Theory]
    [InlineData(0.01, 10)]
    [InlineData(0.1, 5)]
    public void So_are_second_derivatives(double rate, int steps)
    {
        TorchRequired.OrSkip();
        using var scope = NewDisposeScope();
        var theta = Theta(rate);
        var first = autograd.grad([Losses(theta, steps).mean()], [theta], retain_graph: true, create_graph: true)[0];
        var (r, slope) = (1 - (2 * rate), -2 * rate);
        var expected = Enumerable.Range(1, steps - 1).Sum(t =>
            (2.0 * t * ((2 * t) - 1) * Power(r, (2 * t) - 2) * slope * slope)
            + (2 * t * Power(r, (2 * t) - 1) * slope)) / steps;
        Near(expected, Derivative(first, theta));
    }

    // Without it in the graph, the gradient of an inner step counts as independent of the steps before.
    [Fact]
    public void The_test_notices_when_the_inner_gradient_is_cut_out_of_the_graph()
    {
        TorchRequired.OrSkip();
        using var scope = NewDisposeScope();
        var theta = Theta(0.1);
        var losses = Losses(theta, 5, secondOrder: false);
        Near(0.495903232, losses.mean());
        Assert.True(Math.Abs(Derivative(losses.mean(), theta).item<double>() + 0.291672064) > 0.01);
    }

    private static Tensor Theta(double rate) => tensor(rate, ScalarType.Float64).log().requires_grad_(true);

    private static Tensor Losses(Tensor theta, int steps, bool secondOrder = true)
    {
        var p = ones(1, ScalarType.Float64).requires_grad_(true);
        var losses = new List<Tensor>();
        for (var t = 0; t < steps; t++)
        {
            losses.Add((p * p).sum());
            var gradient = autograd.grad([losses[^1]], [p], retain_graph: true, create_graph: true)[0];
            p -= theta.exp() * (secondOrder ? gradient : gradient.detach());
        }

        return stack(losses);
    }

    private static Tensor Derivative(Tensor loss, Tensor theta) =>
        autograd.grad([loss], [theta], retain_graph: true)[0];

    private static void Near(double expected, Tensor actual) =>
        Assert.Equal(expected, actual.item<double>(), Tolerance);

    private static double Power(double number, int exponent) =>
        Enumerable.Repeat(number, exponent).Aggregate(1.0, (product, factor) => product * factor);
}
