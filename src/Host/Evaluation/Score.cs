namespace Involute.Host.Evaluation;

/// <summary>Turns the trials of one optimizer into its score.</summary>
internal static class Score
{
    // Enough to see noise and trend, few enough to read in a file.
    private const int TrainingCurvePoints = 100;

    public static OptimizerScore Of(string name, TrialRun[] trials, int[] measuredSteps, double? adamLoss)
    {
        var diverged = trials.Count(trial => trial.Diverged);
        var heldOut = HeldOutCurve(trials);
        var stretches = MeasuredSteps.Evenly(trials[0].TrainingLosses.Length, TrainingCurvePoints);
        var training = TrainingCurve(trials, stretches);
        return new OptimizerScore(
            name,
            diverged,
            diverged > 0 ? null : Statistic.Of([.. trials.Select(trial => trial.MeanTrainingLoss)]),
            Statistic.Of([.. trials.Select(trial => trial.FinalHeldOutLoss)]),
            Statistic.Of([.. trials.Select(trial => trial.Accuracy ?? double.NaN)]),
            StepsTo(adamLoss, measuredSteps, heldOut),
            new LearningCurves(stretches, [.. training.Select(it => it?.Mean)], measuredSteps, heldOut)
            {
                TrainingError = [.. training.Select(it => it?.StandardError)],
                HeldOutError = [.. HeldOut(trials).Select(it => it?.StandardError)],
            });
    }

    public static double?[] HeldOutCurve(TrialRun[] trials) => [.. HeldOut(trials).Select(it => it?.Mean)];

    private static Statistic?[] HeldOut(TrialRun[] trials) =>
        [.. trials[0].HeldOutLosses.Select((_, i) => Statistic.Of([.. trials.Select(trial => trial.HeldOutLosses[i])]))];

    private static Statistic?[] TrainingCurve(TrialRun[] trials, int[] stretches)
    {
        var curve = new Statistic?[stretches.Length];
        var first = 0;
        for (var i = 0; i < stretches.Length; i++)
        {
            var part = first..stretches[i];
            curve[i] = Statistic.Of([.. trials.Select(trial => trial.TrainingLosses[part].Average())]);
            first = stretches[i];
        }

        return curve;
    }

    private static int? StepsTo(double? loss, int[] measuredSteps, double?[] heldOut)
    {
        var index = Array.FindIndex(heldOut, value => value <= loss);
        return index < 0 ? null : measuredSteps[index];
    }
}
