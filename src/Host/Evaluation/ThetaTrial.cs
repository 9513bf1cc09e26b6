using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Evaluation;

/// <summary>One trajectory under one theta.</summary>
/// <param name="Steps">Its inner steps.</param>
/// <param name="MeanLoss">Mean normalised loss; NaN when it diverged.</param>
internal readonly record struct ThetaTrial(int Steps, double MeanLoss)
{
    /// <summary>Unrolls a problem on a fresh trajectory.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trial">Which trajectory: see <see cref="EvaluationTrials.Key"/>.</param>
    /// <param name="theta">The theta.</param>
    /// <param name="steps">Its inner steps; null: the horizon of the plan's schedule.</param>
    public static ThetaTrial Of(TrainingPlan<float> plan, int trial, float[] theta, int? steps)
    {
        var key = EvaluationTrials.Key(plan.Windows.Seed, trial);
        var length = steps ?? plan.Schedule.Horizon(key);
        var thetas = new ArmThetas<float>(theta, 1, theta.Length);
        using var unroll = plan.Problem.CreateUnroll(1, ArmSet.CentreOnly);
        unroll.Reset(0, new Trajectory(key, length), thetas);

        // In pieces, so that a long trajectory's losses are not all in memory.
        var losses = new StepLoss[Math.Min(length, 1024)];
        var sum = 0.0;
        for (var done = 0; done < length; done += losses.Length)
        {
            var count = Math.Min(losses.Length, length - done);
            unroll.Advance([new Segment(0, key, done, count, LossTime.BeforeUpdate, 0)], thetas, losses);
            foreach (var loss in losses.AsSpan(0, count))
            {
                sum += loss.Diverged ? plan.Problem.CeilingLoss : plan.Problem.Normalize(loss.Loss);
            }

            if (losses[count - 1].Diverged)
            {
                return new ThetaTrial(length, double.NaN);
            }
        }

        return new ThetaTrial(length, sum / length);
    }
}
