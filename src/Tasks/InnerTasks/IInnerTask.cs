using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>A training problem, or a family of them that a trajectory draws one of: data, loss and gradient.</summary>
/// <remarks>Immutable and shared between threads; what a step needs lives in a batch.</remarks>
public interface IInnerTask
{
    /// <summary>Short name, as in the configuration.</summary>
    string Name { get; }

    /// <summary>Names and shapes of the inner parameters.</summary>
    IReadOnlyList<TensorSlice> Parameters { get; }

    /// <summary>Largest meta-loss; see <see cref="IInnerProblem{T}.CeilingLoss"/>.</summary>
    double CeilingLoss { get; }

    /// <summary>Maps a raw loss to the meta-loss scale.</summary>
    double Normalize(double loss);

    /// <summary>Number of batches in one pass through a split; 1 where there is no data.</summary>
    int BatchesPerEpoch(DataSplit split);

    /// <summary>Fills the inner parameters at the start of a trajectory.</summary>
    void Initialise(TrajectoryKey trajectory, Span<float> parameters);

    /// <summary>What a trajectory has drawn of the family, for inspection; empty where there is only one task.</summary>
    IReadOnlyList<NamedTensor<float>> DescribeSample(TrajectoryKey trajectory) => [];

    /// <summary>Allocates what one thread needs for one batch: data and activations.</summary>
    ITaskBatch CreateBatch();

    /// <summary>Fills a batch: the task sample of the trajectory and the examples of the step.</summary>
    /// <param name="key">Trajectory and step; the step counts batches through shuffled epochs.</param>
    /// <param name="split">Part of the data.</param>
    /// <param name="order">Which shuffling: training, meta-loss or evaluation.</param>
    /// <param name="batch">A batch of this task.</param>
    void PrepareBatch(StepKey key, DataSplit split, RandomStream order, ITaskBatch batch);

    /// <summary>Mean loss over the batch, and its gradient.</summary>
    /// <param name="parameters">Inner parameters (padding may follow).</param>
    /// <param name="batch">A prepared batch.</param>
    /// <param name="gradient">Receives the gradient; what lies behind the parameters' count is left alone.</param>
    double LossAndGradient(ReadOnlySpan<float> parameters, ITaskBatch batch, Span<float> gradient);

    /// <summary>Mean loss over the batch.</summary>
    double Loss(ReadOnlySpan<float> parameters, ITaskBatch batch);
}

/// <summary>Buffers of one thread for one batch of one task.</summary>
public interface ITaskBatch : IDisposable;

/// <summary>A task with right and wrong answers.</summary>
public interface IClassificationTask : IInnerTask
{
    /// <summary>Share of the batch's examples that are classified correctly, in [0, 1].</summary>
    double Accuracy(ReadOnlySpan<float> parameters, ITaskBatch batch);
}
