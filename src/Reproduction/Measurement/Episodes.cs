using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;

namespace Involute.Reproduction.Measurement;

/// <summary>
/// Measures gradient estimates at a fixed theta: each pair runs some windows, and its windows are summed.
/// </summary>
internal static class Episodes
{
    // Sums are made chunk by chunk and then in the chunks' order, so that they do not depend on the number of threads.
    private const int Chunk = 64;

    /// <summary>Runs all pairs of a plan.</summary>
    /// <param name="plan">The plan; its initial theta stays as it is.</param>
    /// <param name="windows">Windows of each pair.</param>
    /// <param name="scale">Factor for a pair's sum of window gradients.</param>
    /// <param name="reference">
    /// The exact mean of the sum, if it is known; else anything near it, or null for zero.
    /// </param>
    /// <param name="direction">
    /// Unit vector; the component along it is measured separately. Null for the first basis vector.
    /// </param>
    /// <param name="burnIn">Windows before those that count.</param>
    public static PairMoments Measure(
        TrainingPlan<double> plan,
        int windows,
        double scale = 1,
        double[]? reference = null,
        double[]? direction = null,
        int burnIn = 0)
    {
        var theta = OuterState<double>.Initial(plan).Theta;
        reference ??= new double[plan.ThetaLength];
        direction ??= [.. reference.Select((_, i) => i == 0 ? 1.0 : 0.0)];
        var chunks = new PairMoments[(plan.Pairs + Chunk - 1) / Chunk];
        Parallel.For(0, chunks.Length, () => new ComputeSlot<double>(), (index, _, slot) =>
        {
            var moments = new PairMoments(reference, direction);
            var estimate = new double[plan.ThetaLength];
            for (var pair = index * Chunk; pair < Math.Min(plan.Pairs, (index + 1) * Chunk); pair++)
            {
                using var state = new PairState<double>(plan, new PairBlock(pair, 1));
                for (var window = 0; window < burnIn; window++)
                {
                    state.RunWindow(theta, slot);
                }

                moments.Add(estimate, Sum(state, theta, slot, windows, scale, estimate));
            }

            chunks[index] = moments;
            return slot;
        }, _ => { });
        var all = new PairMoments(reference, direction);
        Array.ForEach(chunks, all.Add);
        return all;
    }

    private static double Sum(
        PairState<double> state, Theta<double> theta, ComputeSlot<double> slot, int windows, double scale,
        double[] estimate)
    {
        Array.Clear(estimate);
        var power = 0.0;
        for (var window = 0; window < windows; window++)
        {
            var gradient = state.RunWindow(theta, slot).Gradient.Span;
            for (var i = 0; i < estimate.Length; i++)
            {
                estimate[i] += scale * gradient[i];
                power += scale * scale * gradient[i] * gradient[i];
            }
        }

        return power;
    }
}
