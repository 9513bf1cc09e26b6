using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Tests.Problems;

/// <summary>Unrolls a step function by hand.</summary>
internal static class Trajectories
{
    /// <summary>The loss of each step of trajectory 0 of pair 0.</summary>
    public static double[] Losses(
        IStepFunction<double> problem, double[] theta, int steps, Action<int, double[]>? look = null)
    {
        var key = new TrajectoryKey(1, 0, 0);
        var state = new double[problem.StateLength];
        problem.Initialise(theta, new Trajectory(key, steps), state);
        return [.. Enumerable.Range(0, steps).Select(step =>
        {
            var loss = problem.Step(theta, key.At(step), state);
            look?.Invoke(step + 1, state);
            return loss;
        })];
    }

    /// <summary>The state that a trajectory starts from.</summary>
    public static double[] Start(IStepFunction<double> problem, Trajectory trajectory)
    {
        var state = new double[problem.StateLength];
        problem.Initialise(new double[problem.Layout.Length], trajectory, state);
        return state;
    }

    /// <summary>The problem's own initial theta.</summary>
    public static double[] Theta(IStepFunction<double> problem, long seed = 1)
    {
        var theta = new double[problem.Layout.Length];
        problem.InitialTheta(seed, theta);
        return theta;
    }
}
