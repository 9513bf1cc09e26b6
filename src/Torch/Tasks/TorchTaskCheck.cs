using System.Globalization;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>
/// Computes a task's first loss in the ways in which a run will, before the first step: a wrong shape is one line then; later it
/// might end the process within native code.
/// </summary>
internal static class TorchTaskCheck
{
    // Of the same float32 sums in another order.
    private const double Tolerance = 1e-4;

    /// <summary>
    /// Checks shape, type and value of the loss, and that the way of batching gives the loss of one lane.
    /// </summary>
    /// <exception cref="InvalidOperationException">Something does not fit; the message says what.</exception>
    public static void Run(TorchTask task)
    {
        var how = task.ResolvedBatching;
        using var turn = OneThread.Enter();
        using var scope = NewDisposeScope();
        var key = new TrajectoryKey(0, 0, 0);
        var last = task.Parameters[^1];
        var values = new float[last.Offset + last.Length];
        task.Initialise(key, values);
        var parameters = tensor(values).unsqueeze(0).repeat(2, 1).to(task.Place.Ready());
        StepKey[] keys = [key.At(0), key.At(1)];
        Tensor[] batch;
        using (no_grad())
        {
            batch = DrawnBatch.Of(
                task, keys, DataSplit.Train, RandomStream.DataOrder, [new BatchOrder(), new BatchOrder()]);
        }

        foreach (var part in batch)
        {
            Require(
                task, part.dim() > 0 && part.shape[0] == keys.Length,
                $"a tensor of its batch has the shape {ShapeOf(part)}; allowed: {keys.Length}, the number of pairs, as the first "
                    + "size");
        }

        RequireLoss(task, parameters, batch);
        Span<float> one = stackalloc float[2], all = stackalloc float[2];
        var slopes = zeros_like(parameters);
        LaneGradients.Compute(task, TorchBatching.Loop, parameters, batch, slopes, one);
        Require(
            task, float.IsFinite(one[0]),
            string.Create(CultureInfo.InvariantCulture, $"its first loss is {one[0]}; allowed: a finite number"));
        LaneGradients.Compute(task, how, parameters, batch, slopes, all);
        for (var lane = 0; lane < all.Length; lane++)
        {
            Require(
                task, Math.Abs(all[lane] - one[lane]) <= Tolerance * Math.Max(Math.Abs(one[lane]), 1e-3),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its loss is {one[lane]} by one lane and {all[lane]} with batching = {how}; allowed: the same"));
        }
    }

    private static void RequireLoss(TorchTask task, Tensor parameters, Tensor[] batch)
    {
        using var none = no_grad();
        var loss = task.Loss(LaneGradients.Views(task, parameters[0]), [.. batch.Select(part => part[0])]);
        Require(
            task, loss.dim() == 0 && loss.dtype == ScalarType.Float32,
            $"its loss is {loss.dtype} of the shape {ShapeOf(loss)}; allowed: a Float32 scalar");
    }

    private static string ShapeOf(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static void Require(TorchTask task, bool holds, string problem)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"task {task.Name}: {problem}");
        }
    }
}
