using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Planning;

/// <summary>What steps of a block of pairs cost, and what each call costs beside its steps.</summary>
/// <remarks>
/// Measured by calls of one step and of a whole window, in turn; the smallest times count, because other programs only make them
/// longer. Of a problem that another program computes the call is what goes to and fro.
/// </remarks>
/// <param name="Pairs">Pairs that step side by side: those of an actor.</param>
/// <param name="Lanes">Their lanes.</param>
/// <param name="Window">Inner steps of a call.</param>
/// <param name="StepSeconds">An inner step of all lanes.</param>
/// <param name="CallSeconds">A call beside its steps; 0 where it is too small to be seen.</param>
internal sealed record StepCost(int Pairs, int Lanes, int Window, double StepSeconds, double CallSeconds)
{
    private const int LeastRounds = 5;

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    /// <summary>The share of a window that is not spent on steps.</summary>
    public double Share => CallSeconds / (CallSeconds + (Window * StepSeconds));

    /// <summary>Measures, for about a second.</summary>
    public static StepCost Of(TrainingPlan<float> plan, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(time);
        var (problem, arms, pairs) = (plan.Problem, plan.Estimator.Needs.Arms, Math.Min(plan.PairsPerActor, plan.Pairs));
        var window = Math.Max(2, plan.Windows.Window);
        var lanes = pairs * arms.Count();
        var thetas = new float[lanes * problem.Layout.Length];
        for (var lane = 0; lane < lanes; lane++)
        {
            problem.InitialTheta(plan.Windows.Seed, thetas.AsSpan(lane * problem.Layout.Length, problem.Layout.Length));
        }

        using var unroll = problem.CreateUnroll(pairs, arms);
        var losses = new StepLoss[lanes * window];
        var (one, whole) = (double.PositiveInfinity, double.PositiveInfinity);
        var (trajectory, begun, rounds) = (0u, time.GetTimestamp(), 0);

        // Without the first round, in which code is compiled.
        for (; rounds <= LeastRounds || time.GetElapsedTime(begun) < Enough; rounds++)
        {
            var (shortTime, longTime) = (Time(1), Time(window));
            (one, whole) = rounds == 0 ? (one, whole) : (Math.Min(one, shortTime), Math.Min(whole, longTime));
        }

        var step = Math.Max(0, (whole - one) / (window - 1));
        return new StepCost(pairs, lanes, window, step, Math.Max(0, one - step));

        double Time(int steps)
        {
            var view = new ArmThetas<float>(thetas, arms.Count(), problem.Layout.Length);
            var segments = new Segment[pairs];
            for (var pair = 0; pair < pairs; pair++)
            {
                var key = new TrajectoryKey(plan.Windows.Seed, pair, trajectory);
                unroll.Reset(pair, new Trajectory(key, window), view);
                segments[pair] = new Segment(pair, key, 0, steps, plan.Windows.LossTime, pair * arms.Count() * steps);
            }

            trajectory++;
            var before = time.GetTimestamp();
            unroll.Advance(segments, view, losses);
            return time.GetElapsedTime(before).TotalSeconds;
        }
    }
}
