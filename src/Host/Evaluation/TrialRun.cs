using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Evaluation;

/// <summary>One candidate on one trajectory.</summary>
/// <param name="TrainingLosses">Normalised loss of each step before its update; the ceiling from divergence on.</param>
/// <param name="HeldOutLosses">Raw loss on the held-out split at each of the measured steps; NaN once diverged.</param>
/// <param name="Accuracy">
/// Share of correct answers on the held-out split at the end; null without right answers.
/// </param>
/// <param name="Diverged">Whether a loss was not finite.</param>
internal sealed record TrialRun(double[] TrainingLosses, double[] HeldOutLosses, double? Accuracy, bool Diverged)
{
    /// <summary>Mean of the training losses: the meta-objective.</summary>
    public double MeanTrainingLoss => TrainingLosses.Average();

    /// <summary>Held-out loss after the last step.</summary>
    public double FinalHeldOutLoss => HeldOutLosses[^1];

    /// <summary>Trains the task.</summary>
    /// <param name="candidate">The optimizer.</param>
    /// <param name="trajectory">Decides the initial parameters and the data.</param>
    /// <param name="split">The split on which the held-out loss is measured, all of it.</param>
    /// <param name="measuredSteps">Steps after which it is measured; the last is the trajectory's end.</param>
    public static TrialRun Of(
        Candidate candidate, TrajectoryKey trajectory, DataSplit split, IReadOnlyList<int> measuredSteps)
    {
        var problem = candidate.Problem;
        var horizon = measuredSteps[^1];
        using var unroll = new LaneUnroll(problem, 1, ArmSet.CentreOnly);
        var thetas = new ArmThetas<float>(candidate.Theta, 1, candidate.Theta.Length);
        var evaluation = new EvaluationKey(trajectory, split, 0, problem.Task.BatchesPerEpoch(split));
        unroll.Reset(0, new Trajectory(trajectory, horizon), thetas);
        var steps = new StepLoss[horizon];
        var heldOut = new double[measuredSteps.Count];
        var done = 0;
        Span<StepLoss> measured = stackalloc StepLoss[1];
        for (var i = 0; i < measuredSteps.Count; i++)
        {
            if (measuredSteps[i] > done)
            {
                var segment = new Segment(0, trajectory, done, measuredSteps[i] - done, LossTime.BeforeUpdate, done);
                unroll.Advance([segment], thetas, steps);
                done = measuredSteps[i];
            }

            unroll.Evaluate(0, thetas, evaluation, measured);
            heldOut[i] = measured[0].Diverged ? double.NaN : measured[0].Loss;
        }

        var training = Array.ConvertAll(
            steps, step => step.Diverged ? problem.CeilingLoss : problem.Normalize(step.Loss));
        return new TrialRun(
            training, heldOut, AccuracyOf(problem.Task, unroll.Parameters(0, Arm.Centre), evaluation),
            measured[0].Diverged);
    }

    private static double? AccuracyOf(IInnerTask task, ReadOnlySpan<float> parameters, EvaluationKey key)
    {
        if (task is not IClassificationTask classification)
        {
            return null;
        }

        using var batch = classification.CreateBatch();
        var sum = 0.0;
        for (var i = 0; i < key.Batches; i++)
        {
            batch.Prepare(key.Trajectory.At(key.FirstBatch + i), key.Split, RandomStream.EvaluationDataOrder);
            sum += batch.Accuracy(parameters);
        }

        return sum / key.Batches;
    }
}
