using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>
/// Compares a task's gradient with finite differences of its loss, for each of its tensors by itself: along random directions,
/// at the initial parameters of a trajectory, on one batch.
/// </summary>
/// <remarks>
/// A central difference has the error of its step and that of the loss's digits; of several steps the one that agrees best
/// counts. At a kink (relu) a difference need not agree: of several directions most must.
/// </remarks>
public static class GradientCheck
{
    /// <summary>Relative errors up to here are no finding: float32 losses have about seven digits.</summary>
    public const double Tolerance = 0.02;

    private const int Directions = 5;

    // Of a mean of float32 numbers.
    private const double LossDigits = 2e-7;

    // Relative to the size of the parameters, and of 1 where they are smaller.
    private static readonly double[] Steps = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4];

    /// <summary>Checks all tensors.</summary>
    /// <param name="task">The task.</param>
    /// <param name="seed">Which trajectory, batch and directions.</param>
    /// <exception cref="Exception">What the task throws.</exception>
    public static IReadOnlyList<GradientFinding> Of(IInnerTask task, long seed)
    {
        ArgumentNullException.ThrowIfNull(task);
        var key = new TrajectoryKey(seed, 0, 0);
        var length = task.Parameters.Sum(tensor => tensor.Length);
        var (parameters, gradient) = (new float[length], new float[length]);
        task.Initialise(key, parameters);
        using var batch = task.CreateBatch();
        batch.Prepare(new StepKey(key, 0), DataSplit.Train, RandomStream.DataOrder);
        var loss = batch.LossAndGradient(parameters, gradient);
        var same = batch.Loss(parameters);
        return
        [
            .. loss.Equals(same) ? [] : new[]
            {
                new GradientFinding("loss", loss, same, Math.Abs(loss - same) / Math.Max(Math.Abs(loss), double.Epsilon)),
            },
            .. task.Parameters.Select(tensor => Check(batch, tensor, parameters, gradient, seed)),
        ];
    }

    // The median of the directions.
    private static GradientFinding Check(
        ITaskBatch batch, TensorSlice tensor, float[] parameters, float[] gradient, long seed)
    {
        var stream = new TrajectoryKey(seed, 0, 1).Stream(RandomStream.InnerNoise);
        var findings = new List<GradientFinding>();
        var direction = new double[tensor.Length];
        for (var k = 0; k < Directions; k++)
        {
            var norm = 0.0;
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] = stream.Normal(checked((uint)((k * direction.Length) + i)));
                norm += direction[i] * direction[i];
            }

            var slope = 0.0;
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] /= Math.Sqrt(norm);
                slope += direction[i] * gradient[tensor.Offset + i];
            }

            findings.Add(Along(batch, tensor, parameters, direction, slope));
        }

        return findings.OrderBy(finding => finding.Error).ElementAt(Directions / 2);
    }

    private static GradientFinding Along(
        ITaskBatch batch, TensorSlice tensor, float[] parameters, double[] direction, double slope)
    {
        var own = parameters.AsSpan(tensor.Offset, tensor.Length);
        var size = 0.0;
        foreach (var value in own)
        {
            size += (double)value * value;
        }

        var best = new GradientFinding(tensor.Name, slope, double.NaN, double.PositiveInfinity);
        var least = double.PositiveInfinity;
        foreach (var relative in Steps)
        {
            var step = relative * Math.Max(Math.Sqrt(size), 1);
            var (up, upBy) = LossAt(batch, tensor, parameters, direction, step);
            var (down, downBy) = LossAt(batch, tensor, parameters, direction, -step);
            var difference = (up - down) / (upBy - downBy);

            // What the digits of the losses leave undecided is no error, but another step may decide more.
            var apart = Math.Abs(difference - slope);
            var undecided = LossDigits * (Math.Abs(up) + Math.Abs(down)) / (upBy - downBy);
            if (Math.Max(apart, undecided) < least)
            {
                least = Math.Max(apart, undecided);
                best = new GradientFinding(
                    tensor.Name,
                    slope,
                    difference,
                    Math.Max(0, apart - undecided) / Math.Max(Math.Max(Math.Abs(slope), Math.Abs(difference)), 1e-30));
            }
        }

        return best;
    }

    // The loss a step away, and how far that is in the digits that the parameters have.
    private static (double Loss, double By) LossAt(
        ITaskBatch batch, TensorSlice tensor, float[] parameters, double[] direction, double step)
    {
        var moved = parameters.ToArray();
        var by = 0.0;
        for (var i = 0; i < direction.Length; i++)
        {
            ref var value = ref moved[tensor.Offset + i];
            var before = (double)value;
            value = (float)(before + (step * direction[i]));
            by += (value - before) * direction[i];
        }

        return (batch.Loss(moved), by);
    }
}

/// <summary>The gradient of one tensor along a direction.</summary>
/// <param name="Name">The tensor, or <c>loss</c>: the two ways to compute it differ.</param>
/// <param name="Analytic">The slope that the gradient gives.</param>
/// <param name="Numeric">That of a finite difference.</param>
/// <param name="Error">How far they are apart, relative to the larger one.</param>
public sealed record GradientFinding(string Name, double Analytic, double Numeric, double Error)
{
    /// <summary>Whether they agree.</summary>
    public bool Holds => Error <= GradientCheck.Tolerance;
}
