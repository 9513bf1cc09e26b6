using System.Collections.Concurrent;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>The inner problem "train this task with this learned optimizer".</summary>
/// <remarks>Any task composes with any optimizer; neither knows the other.</remarks>
public sealed class OptimizedTask : IInnerProblem<float>
{
    private readonly ConcurrentBag<LaneScratch> _idle = [];

    /// <summary>Composes a task with an optimizer.</summary>
    public OptimizedTask(IInnerTask task, ILearnedOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(optimizer);
        Task = task;
        Optimizer = optimizer;
    }

    /// <summary>What is trained.</summary>
    public IInnerTask Task { get; }

    /// <summary>What trains it.</summary>
    public ILearnedOptimizer Optimizer { get; }

    /// <summary>What differentiates unrolls by theta; null where nothing does.</summary>
    public IUnrollDerivative? Derivative { get; init; }

    /// <inheritdoc/>
    public string Name => $"{Task.Name} by {Optimizer.Name}";

    /// <inheritdoc/>
    public ThetaLayout Layout => Optimizer.Layout;

    /// <inheritdoc/>
    public double CeilingLoss => Task.CeilingLoss;

    /// <inheritdoc/>
    public string Arithmetic => Task.Arithmetic;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => Optimizer.InitialTheta(seed, theta);

    /// <inheritdoc/>
    public double Normalize(double loss) => Task.Normalize(loss);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised) => Task.Normalize(losses, normalised);

    /// <inheritdoc/>
    public IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => Task.CreateUnroll(this, pairs, arms);

    /// <inheritdoc/>
    public bool OffersAdjoints => Derivative is { } derivative && derivative.Refusal(Task, Optimizer) is null;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">There is no <see cref="Derivative"/>, or it refuses.</exception>
    public IAdjointUnroll<float> CreateAdjointUnroll(int pairs, ArmSet arms) =>
        Derivative?.Refusal(Task, Optimizer) is { } refusal ? throw new NotSupportedException(
            $"{Name}: {refusal.Problem}; allowed: {refusal.Allowed}")
        : Derivative?.CreateUnroll(this, pairs, arms) ?? throw new NotSupportedException(
            $"problem '{Name}' was made without a derivative; estimators that differentiate the unroll need one");

    /// <summary>Scratch for the time of one call; there are never more than threads inside a call.</summary>
    internal LaneScratch Rent() => _idle.TryTake(out var scratch) ? scratch : new LaneScratch(Task);

    internal void Return(LaneScratch scratch) => _idle.Add(scratch);
}

/// <summary>What one thread needs to step lanes of a task: two batches and a gradient, used again and again.</summary>
internal sealed class LaneScratch(IInnerTask task) : IDisposable
{
    private ITaskBatch? _metaBatch;

    /// <summary>The batch that both arms train on.</summary>
    public ITaskBatch Batch { get; } = task.CreateBatch();

    /// <summary>The batch of a meta-loss on another split; allocated when first asked for.</summary>
    public ITaskBatch MetaBatch => _metaBatch ??= task.CreateBatch();

    /// <summary>Gradient of one lane; its padding stays zero.</summary>
    public AlignedBuffer Gradient { get; } =
        new(AlignedBuffer.Padded(task.Parameters[^1].Offset + task.Parameters[^1].Length));

    public void Dispose()
    {
        Batch.Dispose();
        _metaBatch?.Dispose();
        Gradient.Dispose();
    }
}
