using System.Globalization;
using System.Numerics;
using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators;

/// <summary>
/// Whether a problem gives the same numbers on a device as on the processor: pairs side by side, each arm under a theta of its own,
/// through the end of a trajectory, loss by loss and byte by byte of the state; then the trial of <see cref="ComputationFingerprint"/>.
/// </summary>
public static class DeviceComparison
{
    private const int Pairs = 3;
    private const int Trajectories = 2;

    // Lanes may differ by any numbers: what counts is that one in another's place shows.
    private const double Spread = 0.01;

    /// <summary>The first difference, in words; null if there is none.</summary>
    /// <param name="here">The plan as the processor computes it.</param>
    /// <param name="there">The same plan with its problem on a device.</param>
    /// <exception cref="ProblemDeviceException">The device failed.</exception>
    public static string? FirstDifference<T>(TrainingPlan<T> here, TrainingPlan<T> there)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var steps = Math.Min(here.Windows.Window, ComputationFingerprint.MostWindow);
        var (one, other) = (Run(here, steps), Run(there, steps));
        for (var i = 0; i < one.Losses.Length; i++)
        {
            if (one.Losses[i].Diverged != other.Losses[i].Diverged
                || (!one.Losses[i].Diverged && BitConverter.DoubleToInt64Bits(one.Losses[i].Loss) != BitConverter.DoubleToInt64Bits(other.Losses[i].Loss)))
            {
                var arms = here.Estimator.Needs.Arms.Count();
                var (step, arm) = (i / arms % steps, i % arms);
                var (trajectory, pair) = (i / arms / steps % Trajectories, i / arms / steps / Trajectories);
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"the loss of pair {pair}, arm {arm}, at inner step {step} of trajectory {trajectory} is {Text(other.Losses[i])} there and {Text(one.Losses[i])} here");
            }
        }

        if (one.State.Length != other.State.Length)
            return string.Create(CultureInfo.InvariantCulture, $"a pair's state has {other.State.Length} bytes there and {one.State.Length} here");
        if (!one.Losses.Any(loss => loss.Diverged) && one.State.AsSpan().CommonPrefixLength(other.State) is var same && same < one.State.Length)
            return string.Create(CultureInfo.InvariantCulture, $"the losses are the same, and byte {same} of the saved states is not");
        return ComputationFingerprint.Of(here) == ComputationFingerprint.Of(there)
            ? null
            : "two outer steps of a pair come to another theta";
    }

    private static string Text(StepLoss loss) => loss.Diverged ? "divergence" : loss.Loss.ToString("R", CultureInfo.InvariantCulture);

    // Losses by pair, trajectory, step and arm; states of all pairs.
    private static (StepLoss[] Losses, byte[] State) Run<T>(TrainingPlan<T> plan, int steps)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (problem, arms) = (plan.Problem, plan.Estimator.Needs.Arms.Count());
        var length = problem.Layout.Length;
        var lanes = new T[Pairs * arms * length];
        for (var lane = 0; lane < Pairs * arms; lane++)
        {
            var theta = lanes.AsSpan(lane * length, length);
            problem.InitialTheta(plan.Windows.Seed, theta);
            foreach (ref var value in theta)
                value += T.CreateChecked(Spread * lane);
        }

        var thetas = new ArmThetas<T>(lanes, arms, length);
        using var unroll = problem.CreateUnroll(Pairs, plan.Estimator.Needs.Arms);
        var losses = new StepLoss[Pairs * Trajectories * steps * arms];
        for (var trajectory = 0u; trajectory < Trajectories; trajectory++)
        {
            var segments = new Segment[Pairs];
            for (var pair = 0; pair < Pairs; pair++)
            {
                var key = new TrajectoryKey(plan.Windows.Seed, pair, trajectory);
                unroll.Reset(pair, new Trajectory(key, steps), thetas);
                segments[pair] = new Segment(
                    pair, key, 0, steps, plan.Windows.LossTime, (int)((pair * Trajectories) + trajectory) * steps * arms);
            }

            unroll.Advance(segments, thetas, losses);
        }

        var state = new byte[Pairs * unroll.StateBytesPerPair];
        for (var pair = 0; pair < Pairs; pair++)
            unroll.Save(pair, state.AsSpan(pair * unroll.StateBytesPerPair, unroll.StateBytesPerPair));
        return (losses, state);
    }
}
