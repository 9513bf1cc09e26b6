using System.Diagnostics.CodeAnalysis;
using Involute.Tasks.Components;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>What a learned optimizer trains: a problem, or a family from which each trajectory draws one.</summary>
/// <remarks>
/// Immutable and shared between threads; what a step needs lives in a batch. A task of your own needs a name,
/// parameters, their initial values, and a batch that computes the loss and its gradient: docs/extending.md.
/// </remarks>
public interface IInnerTask
{
    /// <summary>Short name, as in the configuration.</summary>
    string Name { get; }

    /// <summary>Names and shapes of the inner parameters; make them with <see cref="ThetaLayout.LayOut"/>.</summary>
    IReadOnlyList<TensorSlice> Parameters { get; }

    /// <summary>Largest meta-loss; see <see cref="IInnerProblem{T}.CeilingLoss"/>.</summary>
    double CeilingLoss => Losses.UnboundedCeiling;

    /// <summary>Maps a raw loss to the meta-loss scale; by default the identity up to the ceiling.</summary>
    double Normalize(double loss) => Losses.Clip(loss, CeilingLoss);

    /// <summary>The same of several losses; see <see cref="IInnerProblem{T}.Normalize(ReadOnlySpan{StepLoss}, Span{double})"/>.</summary>
    void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised)
    {
        for (var i = 0; i < losses.Length; i++)
        {
            normalised[i] = losses[i].Diverged ? CeilingLoss : Normalize(losses[i].Loss);
        }
    }

    /// <summary>
    /// What decides the bits of its numbers besides this program, .NET and the width of vectors: a native library, for
    /// instance, that chooses its routines by the processor. Processes that differ in it do not compute a run together.
    /// </summary>
    string Arithmetic => "";

    /// <summary>
    /// How many times faster an inner step of one pair is where an actor computes several pairs side by side, as it was
    /// measured (<c>benchmarks/stacking</c>); 1 where it gains nothing, or was not measured.
    /// </summary>
    double StackingGain => 1;

    /// <summary>Why an optimizer cannot train it, as settings of the optimizer; null if it can.</summary>
    /// <param name="optimizer">The optimizer.</param>
    OptionProblem? RefusalOf(ILearnedOptimizer optimizer) => null;

    /// <summary>Number of batches in one pass through a split; 1 where there is no data.</summary>
    int BatchesPerEpoch(DataSplit split) => 1;

    /// <summary>Fills the inner parameters at the start of a trajectory.</summary>
    void Initialise(TrajectoryKey trajectory, Span<float> parameters);

    /// <summary>
    /// What a trajectory has drawn of the family, for inspection; empty where there is only one task.
    /// </summary>
    IReadOnlyList<NamedTensor<float>> DescribeSample(TrajectoryKey trajectory) => [];

    /// <summary>Allocates what one thread needs for one batch: data and activations.</summary>
    ITaskBatch CreateBatch();

    /// <summary>
    /// Creates the lanes of some pairs of this task under an optimizer. By default each lane steps by itself
    /// (<see cref="LaneUnroll"/>); a task that gains from computing lanes side by side has an unroll of its own.
    /// </summary>
    /// <param name="problem">This task and its optimizer.</param>
    /// <param name="pairs">Number of pairs, at least 1.</param>
    /// <param name="arms">Which lanes each pair has.</param>
    IUnroll<float> CreateUnroll(OptimizedTask problem, int pairs, ArmSet arms) => new LaneUnroll(problem, pairs, arms);
}

/// <summary>The examples of one step, and the loss on them. Belongs to one thread at a time.</summary>
/// <remarks>
/// It is prepared once for a step, and then computes for every arm in turn: all arms share what <see cref="Prepare"/>
/// has drawn, and nothing may carry over from one arm to the next. These methods are the inner loop: they should not
/// allocate.
/// </remarks>
public interface ITaskBatch : IDisposable
{
    /// <summary>Fills the batch: the task that the trajectory has drawn, and the examples of the step.</summary>
    /// <param name="key">Trajectory and step. The same key gives the same batch.</param>
    /// <param name="split">Part of the data; a task without data ignores it.</param>
    /// <param name="order">Which shuffling: training, meta-loss or evaluation; see <see cref="BatchOrder"/>.</param>
    void Prepare(StepKey key, DataSplit split, RandomStream order);

    /// <summary>Mean loss over the batch, and its gradient.</summary>
    /// <param name="parameters">
    /// Inner parameters, in the order of <see cref="IInnerTask.Parameters"/>; padding may follow.
    /// </param>
    /// <param name="gradient">Receives the gradient in the same order; what lies behind it must be left alone.</param>
    /// <returns>The raw loss. One that is not finite freezes the arm until its trajectory ends.</returns>
    double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient);

    /// <summary>Mean loss over the batch: the number that <see cref="LossAndGradient"/> returns.</summary>
    /// <param name="parameters">As there.</param>
    double Loss(ReadOnlySpan<float> parameters);

    /// <summary>Frees memory that is not managed; by default there is none.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "A class with a finalizer has a Dispose of its own.")]
    void IDisposable.Dispose()
    {
        // Managed memory only.
    }
}

/// <summary>A task with right and wrong answers.</summary>
public interface IClassificationTask : IInnerTask
{
    /// <inheritdoc cref="IInnerTask.CreateBatch"/>
    new IClassificationBatch CreateBatch();

    /// <inheritdoc/>
    ITaskBatch IInnerTask.CreateBatch() => CreateBatch();
}

/// <summary>A batch whose examples are classified correctly or not.</summary>
public interface IClassificationBatch : ITaskBatch
{
    /// <summary>Share of the batch's examples that are classified correctly, in [0, 1].</summary>
    /// <param name="parameters">Inner parameters; padding may follow.</param>
    double Accuracy(ReadOnlySpan<float> parameters);
}
