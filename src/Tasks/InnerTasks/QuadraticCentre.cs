namespace Involute.Tasks.InnerTasks;

/// <summary>The "batch" of a quadratic: its centre.</summary>
internal sealed class QuadraticCentre(int dimension) : ITaskBatch
{
    public float[] Centre { get; } = new float[dimension];

    public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        for (var i = 0; i < Centre.Length; i++)
        {
            gradient[i] = 2 * (parameters[i] - Centre[i]);
        }

        return Loss(parameters);
    }

    public double Loss(ReadOnlySpan<float> parameters)
    {
        var loss = 0.0;
        for (var i = 0; i < Centre.Length; i++)
        {
            var distance = parameters[i] - Centre[i];
            loss += (double)distance * distance;
        }

        return loss;
    }

    public void Dispose()
    {
        // A managed array only: nothing to free.
    }
}
