using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Adjoint;
using Involute.Torch.Optimizers;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Adjoint;

/// <summary>
/// A window that stacked lanes go from their first step, by torch alone, in any precision: the states that
/// <see cref="WindowAdjoint.StepByStep"/> asks for, kept as it goes.
/// </summary>
internal sealed class RecordedSteps : IRecordedWindow
{
    private readonly List<RecordedStep> _steps = [];

    public RecordedSteps(
        TorchTask task, ILearnedOptimizer optimizer, float[] theta, int lanes, int steps, LossTime time,
        ScalarType type)
    {
        Function = new UnrollStep(task, StackedOptimizers.Of(optimizer, task.Parameters)!, time);
        Theta = tensor(theta).repeat(lanes, 1).to_type(type);
        Weights = arange(1, (steps * lanes) + 1).to_type(type).view(steps, lanes) / (steps * lanes);
        var first = task.Parameters[^1];
        var values = new float[lanes, first.Offset + first.Length];
        var flat = new float[values.GetLength(1)];
        for (var lane = 0; lane < lanes; lane++)
        {
            task.Initialise(Key(lane), flat);
            Buffer.BlockCopy(flat, 0, values, lane * flat.Length * sizeof(float), flat.Length * sizeof(float));
        }

        Start = tensor(values).to_type(type);
        State = zeros(lanes, AlignedBuffer.Padded(optimizer.StateLength(task.Parameters)), type);
        using var none = no_grad();
        Batches = [.. Enumerable.Range(0, steps).Select(step => new StepBatch(
            Batch(task, step, DataSplit.Train, RandomStream.DataOrder, lanes, type),
            time.Split is { } split
                ? Batch(task, step, split, RandomStream.MetaDataOrder, lanes, type)
                : Batch(task, step, DataSplit.Train, RandomStream.DataOrder, lanes, type)))];
    }

    public UnrollStep Function { get; }

    public Tensor Theta { get; private init; }

    public Tensor Start { get; }

    public Tensor State { get; }

    public Tensor Weights { get; }

    public IReadOnlyList<StepBatch> Batches { get; }

    public int Steps => _steps.Count;

    public RecordedStep Step(int back) => _steps[^(back + 1)];

    /// <summary>Goes the steps under a theta; the weighted sum of the losses.</summary>
    public double Run(Tensor theta)
    {
        _steps.Clear();
        var (parameters, state) = (Start, State);
        var sum = 0.0;
        for (var step = 0; step < Batches.Count; step++)
        {
            _steps.Add(new RecordedStep(parameters, state, Batches[step], Weights[step]));
            using var scope = NewDisposeScope();
            var leaf = parameters.detach().requires_grad_(true);
            var (losses, next, nextState) = Function.Run(theta, leaf, state, Batches[step]);
            sum += (losses.detach() * Weights[step]).sum().to_type(ScalarType.Float64).item<double>();
            (parameters, state) = (
                next.detach().MoveToOuterDisposeScope(), nextState.detach().alias().MoveToOuterDisposeScope());
        }

        return sum;
    }

    public double[] StepByStep()
    {
        Run(Theta);
        return Values(WindowAdjoint.StepByStep(Function, Theta, this));
    }

    public double[] WholeGraph()
    {
        Run(Theta);
        return Values(WindowAdjoint.WholeGraph(Function, Theta, this));
    }

    private static double[] Values(Tensor tensor) => tensor.contiguous().data<double>().ToArray();

    private static TrajectoryKey Key(int lane) => new(7, lane, 0);

    private static Tensor[] Batch(
        TorchTask task, int step, DataSplit split, RandomStream order, int lanes, ScalarType type)
    {
        var keys = Enumerable.Range(0, lanes).Select(lane => Key(lane).At(step)).ToArray();
        var orders = keys.Select(_ => new BatchOrder()).ToArray();
        return
        [
            .. DrawnBatch.Of(task, keys, split, order, orders)
                .Select(part => part.is_floating_point() ? part.to_type(type) : part),
        ];
    }
}
