using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Tests.Images;
using Involute.Tasks.Unrolls;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Oracle;

/// <summary>d(mean loss)/d(ln lr) of a perceptron that gradient descent trains for a few steps.</summary>
public sealed class PerceptronUnrollTests
{
    private const int Steps = 5;

    private static readonly double LogRate = PortableMath.Log(0.3);
    private static readonly OracleData Data = new(4, 4, [9], 4, 16);

    [Fact]
    public void Autograd_through_the_unroll_agrees_with_differences_of_a_textbook_in_double()
    {
        TorchRequired.OrSkip();
        const double Step = 1e-6;
        var (mean, derivative) = ByAutograd();
        Assert.Equal(ByTextbook(LogRate), mean, 1e-12);
        var expected = (ByTextbook(LogRate + Step) - ByTextbook(LogRate - Step)) / (2 * Step);
        Assert.True(Math.Abs(expected) > 0.01);
        Assert.Equal(expected, derivative, 1e-7);
    }

    [Fact]
    public void And_with_differences_of_our_unroll()
    {
        TorchRequired.OrSkip();
        const float Step = 0.01f;
        var (mean, derivative) = ByAutograd();
        Assert.Equal(mean, ByLanes((float)LogRate), 1e-6);
        var expected = (ByLanes((float)LogRate + Step) - ByLanes((float)LogRate - Step)) / (2 * Step);
        Assert.Equal(expected, derivative, 2e-3 * Math.Abs(derivative));
    }

    private static float[] InitialParameters()
    {
        var parameters = new float[Data.Task.ParameterCount];
        Data.Task.Initialise(OracleData.Trajectory, parameters);
        return parameters;
    }

    private static (double Mean, double Derivative) ByAutograd()
    {
        using var scope = NewDisposeScope();
        var theta = tensor(LogRate, ScalarType.Float64).requires_grad_(true);
        var parameters = TorchPerceptron.Leaves(Data.Task.Parameters, InitialParameters(), ScalarType.Float64);
        var losses = new List<Tensor>();
        for (var step = 0; step < Steps; step++)
        {
            var (images, labels) = Data.Batch(step, ScalarType.Float64);
            losses.Add(TorchPerceptron.Loss(parameters, images, labels));
            var gradients = autograd.grad([losses[^1]], parameters, retain_graph: true, create_graph: true);
            parameters = [.. parameters.Zip(gradients, (p, g) => p - (theta.exp() * g))];
        }

        var mean = stack(losses).mean();
        return (mean.item<double>(), autograd.grad([mean], [theta])[0].item<double>());
    }

    private static double ByTextbook(double logRate)
    {
        var rate = PortableMath.Exp(logRate);
        var parameters = InitialParameters().Select(value => (double)value).ToArray();
        var mean = 0.0;
        for (var step = 0; step < Steps; step++)
        {
            var (images, labels) = Data.Examples(step);
            var gradient = new double[parameters.Length];
            mean += NaivePerceptron.LossAndGradient(Data.Widths, parameters, images, labels, gradient) / Steps;
            parameters = [.. parameters.Zip(gradient, (p, g) => p - (rate * g))];
        }

        return mean;
    }

    private static double ByLanes(float logRate)
    {
        var problem = new OptimizedTask(Data.Task, new LearnableSgd());
        using var unroll = problem.CreateUnroll(1, ArmSet.CentreOnly);
        var thetas = new ArmThetas<float>([logRate], 1, 1);
        var losses = new StepLoss[Steps];
        unroll.Reset(0, new Trajectory(OracleData.Trajectory, Steps), thetas);
        unroll.Advance([new Segment(0, OracleData.Trajectory, 0, Steps, LossTime.BeforeUpdate, 0)], thetas, losses);
        return losses.Average(loss => loss.Loss);
    }
}
