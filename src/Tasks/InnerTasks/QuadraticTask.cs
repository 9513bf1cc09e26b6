using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>Minimise Σ p², from p ~ N(0, I): expected initial loss = dimension. No data.</summary>
/// <remarks>The normalizer is the identity up to the ceiling.</remarks>
public sealed class QuadraticTask : IInnerTask
{
    private readonly int _dimension;

    /// <summary>A quadratic in <paramref name="dimension"/> parameters, at least 1.</summary>
    public QuadraticTask(int dimension = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        _dimension = dimension;
        Parameters = ThetaLayout.LayOut([("p", [dimension])]);
    }

    /// <inheritdoc/>
    public string Name => "quadratic";

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlice> Parameters { get; }

    /// <inheritdoc/>
    public void Initialise(TrajectoryKey trajectory, Span<float> parameters) =>
        trajectory.Stream(RandomStream.ParameterInitialisation).FillNormal(parameters);

    /// <inheritdoc/>
    public ITaskBatch CreateBatch() => new QuadraticBatch(_dimension, drawsCentre: false);

    /// <inheritdoc/>
    void IInnerTask.Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised) =>
        Losses.Clip(losses, Losses.UnboundedCeiling, normalised);

    /// <inheritdoc/>
    /// <remarks>Element-wise optimizers step eight lanes side by side, with the bits of <see cref="LaneUnroll"/>.</remarks>
    IUnroll<float> IInnerTask.CreateUnroll(OptimizedTask problem, int pairs, ArmSet arms) =>
        QuadraticUnrolls.Create(problem, pairs, arms, drawsCentre: false);
}
