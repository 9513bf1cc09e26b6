using Involute.Host.Evaluation;
using Involute.Tasks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Host.Tests.Evaluation;

/// <summary>
/// One parameter, starting at 0, with loss (p − target)² and another target for each split: 1 in training, 0.1 for
/// outer_valid, 0.9 for test. Beyond <see cref="Limit"/> the loss is NaN. "Accuracy" is 1 where p is nearer to 1 than
/// 0.
/// </summary>
internal sealed class SplitTargetTask : IClassificationTask
{
    public const double Limit = 1.5;

    public string Name => "split-target";

    public IReadOnlyList<TensorSlice> Parameters { get; } = ThetaLayout.LayOut([("p", [1])]);

    public double CeilingLoss => 10;

    public int BatchesPerEpoch(DataSplit split) => 3;

    public void Initialise(TrajectoryKey trajectory, Span<float> parameters)
    {
        Assert.True(trajectory.Pair >= EvaluationTrials.FirstPair, "a trajectory that training could have met");
        parameters[0] = 0;
    }

    public IClassificationBatch CreateBatch() => new Batch();

    private sealed class Batch : IClassificationBatch
    {
        private double _target;

        public void Prepare(StepKey key, DataSplit split, RandomStream order) => _target = split switch
        {
            DataSplit.Train => 1,
            DataSplit.OuterValid => 0.1,
            DataSplit.Test => 0.9,
            _ => throw new ArgumentOutOfRangeException(nameof(split), split, "never needed"),
        };

        public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
        {
            gradient[0] = (float)(2 * (parameters[0] - _target));
            return Loss(parameters);
        }

        public double Loss(ReadOnlySpan<float> parameters)
        {
            var distance = parameters[0] - _target;
            return parameters[0] > Limit ? double.NaN : distance * distance;
        }

        public double Accuracy(ReadOnlySpan<float> parameters) => parameters[0] > 0.5 ? 1 : 0;
    }
}
