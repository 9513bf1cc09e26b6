using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Reproduction.Measurement;

/// <summary>Losses of one trajectory at a theta, without any perturbation.</summary>
internal static class Unrolled
{
    /// <summary>Σ loss.</summary>
    public static double Sum(IStepFunction<double> problem, ReadOnlySpan<double> theta, int horizon, int pair = 0)
    {
        var sum = 0.0;
        Run(problem, theta, horizon, pair, loss => sum += loss);
        return sum;
    }

    /// <summary>The loss of the last step.</summary>
    public static double Last(IStepFunction<double> problem, ReadOnlySpan<double> theta, int horizon)
    {
        var last = 0.0;
        Run(problem, theta, horizon, 0, loss => last = loss);
        return last;
    }

    private static void Run(
        IStepFunction<double> problem, ReadOnlySpan<double> theta, int horizon, int pair, Action<double> onLoss)
    {
        // A separate seed: training has not seen the trajectories on which losses are measured.
        var key = new TrajectoryKey(-1, pair, 0);
        var state = new double[problem.StateLength];
        problem.Initialise(theta, new Trajectory(key, horizon), state);
        for (var step = 0; step < horizon; step++)
        {
            onLoss(problem.Step(theta, key.At(step), state));
        }
    }
}
