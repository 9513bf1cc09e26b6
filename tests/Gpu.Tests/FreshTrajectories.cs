using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Tests;

/// <summary>Trajectories that begin side by side, for tests in which a pair is to be found again elsewhere.</summary>
internal static class FreshTrajectories
{
    /// <summary>The key of a pair of that number.</summary>
    public static TrajectoryKey Key(int pair) => new(5, pair, 2);

    /// <summary>Begins a trajectory of each pair and runs it; losses stand by pair, step and arm.</summary>
    public static void Run(IUnroll<float> unroll, TrajectoryKey[] keys, ArmThetas<float> thetas, int steps, Span<StepLoss> losses)
    {
        var segments = new Segment[keys.Length];
        for (var pair = 0; pair < keys.Length; pair++)
        {
            unroll.Reset(pair, new Trajectory(keys[pair], 100), thetas);
            segments[pair] = new Segment(pair, keys[pair], 0, steps, LossTime.BeforeUpdate, pair * steps * unroll.Arms.Count());
        }

        unroll.Advance(segments, thetas, losses);
    }
}
