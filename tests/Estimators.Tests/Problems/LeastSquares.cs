using Involute.Tasks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>
/// A user's task for the learned optimizers: y ≈ w · x + b by least squares, on batches of one's own measurements. This
/// file is all that it takes; docs/extending.md explains it.
/// </summary>
internal sealed class LeastSquares(float[][] inputs, float[] targets, int batchSize) : IInnerTask
{
    public string Name => "least-squares";

    public IReadOnlyList<TensorSlice> Parameters { get; } = ThetaLayout.LayOut([("w", [inputs[0].Length]), ("b", [1])]);

    public int BatchesPerEpoch(DataSplit split) => BatchOrder.BatchesPerEpoch(targets.Length, batchSize, split);

    public void Initialise(TrajectoryKey trajectory, Span<float> parameters) =>
        trajectory.Stream(RandomStream.ParameterInitialisation).FillNormal(parameters);

    public ITaskBatch CreateBatch() => new Batch(inputs, targets, batchSize);

    private sealed class Batch(float[][] inputs, float[] targets, int batchSize) : ITaskBatch
    {
        private readonly BatchOrder _order = new();
        private readonly int[] _examples = new int[batchSize];
        private readonly float[] _unused = new float[inputs[0].Length + 1];

        public void Prepare(StepKey key, DataSplit split, RandomStream order) =>
            _order.Fill(key, split, order, targets.Length, _examples);

        public double Loss(ReadOnlySpan<float> parameters) => LossAndGradient(parameters, _unused);

        public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
        {
            var bias = inputs[0].Length;
            gradient[..(bias + 1)].Clear();
            var loss = 0.0;
            foreach (var example in _examples)
            {
                var x = inputs[example];
                double error = parameters[bias] - targets[example];
                for (var i = 0; i < bias; i++)
                {
                    error += (double)parameters[i] * x[i];
                }

                loss += error * error / batchSize;
                var slope = (float)(2 * error / batchSize);
                gradient[bias] += slope;
                for (var i = 0; i < bias; i++)
                {
                    gradient[i] += slope * x[i];
                }
            }

            return loss;
        }
    }
}
