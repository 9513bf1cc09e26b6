using static TorchSharp.torch;

namespace Involute.Torch.Adjoint;

/// <summary>
/// The derivative by theta of a weighted sum of the losses of a window, lane by lane; the first state counts as a
/// constant.
/// </summary>
/// <remarks>
/// Two ways to the same numbers. <see cref="StepByStep"/> makes the graph of one step at a time, at states that were
/// kept: its memory does not depend on the window. <see cref="WholeGraph"/> makes one graph of the window.
/// </remarks>
internal static class WindowAdjoint
{
    /// <summary>Goes back through the steps, one step's graph at a time.</summary>
    /// <param name="step">The step.</param>
    /// <param name="theta">[lanes, length of theta]</param>
    /// <param name="window">Where the lanes have been.</param>
    /// <returns>float64 [lanes, length of theta], in the caller's scope.</returns>
    public static Tensor StepByStep(UnrollStep step, Tensor theta, IRecordedWindow window)
    {
        using var scope = NewDisposeScope();
        var byTheta = zeros_like(theta, ScalarType.Float64);
        Tensor? byParameters = null, byState = null;
        for (var back = 0; back < window.Steps; back++)
        {
            using var inner = NewDisposeScope();
            var recorded = window.Step(back);
            var lanes = recorded.Parameters.shape[0];
            var t = Leaf(theta.narrow(0, 0, lanes));
            var p = Leaf(recorded.Parameters);
            var s = Leaf(recorded.State);
            var objective = Objective(step, t, p, s, recorded, byParameters, byState);
            objective.backward(inputs: [t, p, s]);
            using var none = no_grad();
            if (t.grad is { } ofTheta)
            {
                byTheta.narrow(0, 0, lanes).add_(ofTheta.to_type(ScalarType.Float64));
            }

            byParameters?.Dispose();
            byState?.Dispose();
            byParameters = (p.grad ?? zeros_like(p)).MoveToOuterDisposeScope();
            byState = (s.grad ?? zeros_like(s)).MoveToOuterDisposeScope();
        }

        return byTheta.MoveToOuterDisposeScope();
    }

    /// <summary>Makes one graph of the window; all lanes have all steps.</summary>
    /// <param name="step">The step.</param>
    /// <param name="theta">[lanes, length of theta]</param>
    /// <param name="parameters">Before the first step, [lanes, inner parameters].</param>
    /// <param name="state">Likewise, [lanes, optimizer state].</param>
    /// <param name="batches">Of each step.</param>
    /// <param name="weights">[steps, lanes]</param>
    /// <returns>float64 [lanes, length of theta], and the losses [steps, lanes]; in the caller's scope.</returns>
    public static (Tensor ByTheta, Tensor Losses) WholeGraph(
        UnrollStep step, Tensor theta, Tensor parameters, Tensor state, IReadOnlyList<StepBatch> batches,
        Tensor weights)
    {
        using var scope = NewDisposeScope();
        var t = Leaf(theta);
        var (p, s) = (Leaf(parameters), state);
        var losses = new List<Tensor>();
        foreach (var batch in batches)
        {
            (var loss, p, s) = step.Run(t, p, s, batch);
            losses.Add(loss);
        }

        var all = stack(losses);
        (all * weights).sum().backward(inputs: [t]);
        return (
            (t.grad ?? zeros_like(t)).to_type(ScalarType.Float64).MoveToOuterDisposeScope(),
            all.detach().MoveToOuterDisposeScope());
    }

    // A number whose derivatives are what the adjoints become. Nothing depends on a lane's last update, unless the loss
    // is measured after it.
    private static Tensor Objective(
        UnrollStep step, Tensor theta, Tensor parameters, Tensor state, RecordedStep recorded, Tensor? byParameters,
        Tensor? byState)
    {
        if (byParameters is null && !step.MeasuresAfterUpdate)
        {
            return (step.LossesBefore(parameters, recorded.Batch) * recorded.Weights).sum();
        }

        var (losses, next, nextState) = step.Run(theta, parameters, state, recorded.Batch);
        var objective = (losses * recorded.Weights).sum();
        if (byParameters is null)
        {
            return objective;
        }

        // Lanes whose first step was the one behind this end here.
        var lanes = parameters.shape[0];
        return objective + (next * byParameters.narrow(0, 0, lanes)).sum()
            + (nextState * byState!.narrow(0, 0, lanes)).sum();
    }

    private static Tensor Leaf(Tensor values) => values.detach().requires_grad_(true);
}
