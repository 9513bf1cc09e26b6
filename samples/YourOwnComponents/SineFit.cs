using Involute.Tasks;
using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace YourOwnComponents;

/// <summary>What a configuration may say of the task, and how it is made: <c>involute describe sine-fit</c>.</summary>
[Component("sine-fit", "fits a sine, another one for each trajectory, by bumps at fixed places")]
public sealed record SineFitOptions : InnerTaskOptions
{
    [Option("Number of bumps, which are the inner parameters.", Least = 2, Most = 1000)]
    public int Bumps { get; init; } = 20;

    [Option("Standard deviation of the noise on the measurements.", Least = 0, Most = 10)]
    public double Noise { get; init; } = 0.1;

    public override IInnerTask Create() => new SineFit(Bumps, Noise);
}

/// <summary>y = sin(x + phase) + noise, fitted by Σ wᵢ exp(−(x − cᵢ)²); loss and gradient by hand.</summary>
public sealed class SineFit(int bumps, double noise) : IInnerTask
{
    public string Name => "sine-fit";

    public IReadOnlyList<TensorSlice> Parameters { get; } = ThetaLayout.LayOut([("w", [bumps])]);

    public double CeilingLoss => 100;

    public void Initialise(TrajectoryKey trajectory, Span<float> parameters) => parameters.Clear();

    public ITaskBatch CreateBatch() => new Batch(bumps, noise);

    private sealed class Batch(int bumps, double noise) : ITaskBatch
    {
        private const int Examples = 32;

        private readonly float[] _features = new float[Examples * bumps];
        private readonly float[] _targets = new float[Examples];
        private readonly float[] _unused = new float[bumps];

        // Everything random follows from the keys: the sine from the trajectory's, the measurements from the step's.
        public void Prepare(StepKey key, DataSplit split, RandomStream order)
        {
            var phase = 6.2832 * key.Trajectory.Stream(RandomStream.TaskSample).Uniform(0);
            var numbers = key.Stream(order);
            for (var e = 0u; e < Examples; e++)
            {
                var x = (8 * numbers.Uniform(2 * e)) - 4;
                _targets[e] = (float)(PortableMath.Sin(x + phase) + (noise * numbers.Normal((2 * e) + 1)));
                for (var i = 0; i < bumps; i++)
                {
                    var distance = x + 4 - (8.0 * i / (bumps - 1));
                    _features[(e * bumps) + i] = (float)PortableMath.Exp(-distance * distance);
                }
            }
        }

        public double Loss(ReadOnlySpan<float> parameters) => LossAndGradient(parameters, _unused);

        public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
        {
            gradient[..bumps].Clear();
            var loss = 0.0;
            for (var e = 0; e < Examples; e++)
            {
                var x = _features.AsSpan(e * bumps, bumps);
                double error = -_targets[e];
                for (var i = 0; i < bumps; i++)
                {
                    error += (double)parameters[i] * x[i];
                }

                loss += error * error / Examples;
                for (var i = 0; i < bumps; i++)
                {
                    gradient[i] += (float)(2 * error / Examples) * x[i];
                }
            }

            return loss;
        }
    }
}
