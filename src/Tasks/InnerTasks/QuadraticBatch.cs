using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>Σ (p − c)² around a centre c, which each trajectory draws, or which stays at the origin.</summary>
internal sealed class QuadraticBatch(int dimension, bool drawsCentre) : ITaskBatch
{
    private readonly float[] _centre = new float[dimension];

    /// <summary>The centre of a trajectory that draws one.</summary>
    public static void FillCentre(TrajectoryKey trajectory, Span<float> centre) =>
        trajectory.Stream(RandomStream.TaskSample).FillNormal(centre);

    /// <inheritdoc/>
    public void Prepare(StepKey key, DataSplit split, RandomStream order)
    {
        if (drawsCentre)
        {
            FillCentre(key.Trajectory, _centre);
        }
    }

    /// <inheritdoc/>
    public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        for (var i = 0; i < _centre.Length; i++)
        {
            gradient[i] = 2 * (parameters[i] - _centre[i]);
        }

        return Loss(parameters);
    }

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<float> parameters)
    {
        var loss = 0.0;
        for (var i = 0; i < _centre.Length; i++)
        {
            var distance = parameters[i] - _centre[i];
            loss += (double)distance * distance;
        }

        return loss;
    }
}
