using static TorchSharp.torch;

namespace Involute.Torch.Adjoint;

/// <summary>
/// The derivative by theta of a weighted sum of the losses of a window, lane by lane; the first state counts as a
/// constant.
/// </summary>
/// <remarks>
/// Two ways to the same bits. <see cref="StepByStep"/> makes the graph of one step at a time, at states that were kept:
/// its memory does not depend on the window. <see cref="WholeGraph"/> makes one graph of the window.
/// </remarks>
internal static class WindowAdjoint
{
    /// <summary>Goes back through the steps, one step's graph at a time.</summary>
    /// <param name="step">The step.</param>
    /// <param name="theta">[lanes, length of theta]</param>
    /// <param name="window">Where the lanes have been.</param>
    /// <param name="size">If given, it measures each step's graph.</param>
    /// <returns>float64 [lanes, length of theta], in the caller's scope.</returns>
    public static Tensor StepByStep(UnrollStep step, Tensor theta, IRecordedWindow window, GraphSize? size = null)
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
            var (dp, ds) = (byParameters, byState);
            var objective = size is null
                ? Objective(step, t, p, s, recorded, dp, ds)
                : size.Measure(lanes, () => Objective(step, t, p, s, recorded, dp, ds));
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

    /// <summary>Makes one graph of the window.</summary>
    /// <remarks>
    /// Each step starts at the state that was kept, as in <see cref="StepByStep"/>, and derivatives of the kept state
    /// pass to the update that led there.
    /// </remarks>
    /// <param name="step">The step.</param>
    /// <param name="theta">[lanes, length of theta]</param>
    /// <param name="window">Where the lanes have been.</param>
    /// <returns>float64 [lanes, length of theta], in the caller's scope.</returns>
    public static Tensor WholeGraph(UnrollStep step, Tensor theta, IRecordedWindow window)
    {
        using var scope = NewDisposeScope();
        var thetas = new Tensor[window.Steps];
        Tensor? next = null, nextState = null, objective = null;
        for (var back = window.Steps - 1; back >= 0; back--)
        {
            var recorded = window.Step(back);
            var t = thetas[back] = Leaf(theta.narrow(0, 0, recorded.Parameters.shape[0]));
            var p = Continued(next, recorded.Parameters);
            var s = Continued(nextState, recorded.State);
            Tensor losses;
            if (back > 0 || step.MeasuresAfterUpdate)
            {
                (losses, next, nextState) = step.Run(t, p, s, recorded.Batch);
            }
            else
            {
                losses = step.LossesBefore(p, recorded.Batch);
            }

            var part = (losses * recorded.Weights).sum();
            objective = objective is null ? part : objective + part;
        }

        objective!.backward(inputs: thetas);
        using var none = no_grad();
        var byTheta = zeros_like(theta, ScalarType.Float64);
        foreach (var t in thetas)
        {
            if (t.grad is { } ofTheta)
            {
                byTheta.narrow(0, 0, t.shape[0]).add_(ofTheta.to_type(ScalarType.Float64));
            }
        }

        return byTheta.MoveToOuterDisposeScope();
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

    // The values that were kept, as a function of the update that led there. Lanes whose first step this is come last. An
    // average that has become infinite is NaN in the graph; the next update would make it NaN too, and its lane has no
    // counted step behind that.
    private static Tensor Continued(Tensor? next, Tensor kept)
    {
        if (next is null)
        {
            return Leaf(kept);
        }

        var nothing = next - next.detach();
        var begin = kept.shape[0] - next.shape[0];
        return kept + (begin == 0 ? nothing : cat([nothing, zeros_like(kept.narrow(0, 0, begin))]));
    }

    private static Tensor Leaf(Tensor values) => values.detach().requires_grad_(true);
}
