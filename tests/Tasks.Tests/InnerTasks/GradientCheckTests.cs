using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.InnerTasks;

/// <summary>A right gradient passes, a wrong one is found at its tensor.</summary>
public sealed class GradientCheckTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_tasks_of_the_program_pass(long seed)
    {
        IInnerTask[] tasks =
        [
            new QuadraticTask(10), new FixedDimQuadraticFamily(10),
            (IInnerTask)new ImageMlpOptions().Create(),
        ];
        foreach (var task in tasks)
        {
            Assert.All(GradientCheck.Of(task, seed), finding => Assert.True(finding.Holds, $"{task.Name} {finding}"));
        }
    }

    [Theory]
    [InlineData(1.0, null)]
    [InlineData(1.05, "b")]
    [InlineData(0.0, "b")]
    [InlineData(-1.0, "b")]
    public void A_wrong_factor_is_found_at_its_tensor(double factor, string? tensor) => Assert.Equal(
        tensor, GradientCheck.Of(new TwoTensors((float)factor, 0), 3).SingleOrDefault(finding => !finding.Holds)?.Name);

    [Fact]
    public void Two_ways_to_compute_the_loss_must_agree() =>
        Assert.Equal("loss", GradientCheck.Of(new TwoTensors(1, 0.5), 3).Single(finding => !finding.Holds).Name);

    // The loss Σ a² + Σ b³, whose gradient by b has a factor, and whose loss without a gradient is another.
    private sealed class TwoTensors(float factor, double apart) : IInnerTask
    {
        public string Name => "two-tensors";

        public IReadOnlyList<TensorSlice> Parameters { get; } = ThetaLayout.LayOut([("a", [4]), ("b", [5])]);

        public void Initialise(TrajectoryKey trajectory, Span<float> parameters)
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i] = (float)trajectory.Stream(RandomStream.ParameterInitialisation).Normal((uint)i);
            }
        }

        public ITaskBatch CreateBatch() => new Batch(factor, apart);

        private sealed class Batch(float factor, double apart) : ITaskBatch
        {
            public void Prepare(StepKey key, DataSplit split, RandomStream order)
            {
                // The same in every step.
            }

            public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
            {
                for (var i = 0; i < 9; i++)
                {
                    gradient[i] = i < 4 ? 2 * parameters[i] : factor * 3 * parameters[i] * parameters[i];
                }

                return Loss(parameters) + apart;
            }

            public double Loss(ReadOnlySpan<float> parameters)
            {
                var loss = 0.0;
                for (var i = 0; i < 9; i++)
                {
                    loss += i < 4 ? (double)parameters[i] * parameters[i] : (double)parameters[i] * parameters[i] * parameters[i];
                }

                return loss;
            }
        }
    }
}
