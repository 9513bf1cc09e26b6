using Involute.Estimators.Pairs;

namespace Involute.Hosting.Configuration;

/// <summary>Settings that are each right and together wrong.</summary>
internal static class CrossChecks
{
    /// <summary>Throws for the first contradiction; the tree tells where its key was written.</summary>
    public static void Check(RunConfiguration configuration, HoconBlock involute)
    {
        void Refuse(bool isWrong, string key, string problem, string allowed)
        {
            if (isWrong)
            {
                throw new ConfigurationException(
                    (involute.Find(key) ?? involute).Position, $"{ConfigurationLayers.Root}.{key}", problem, allowed);
            }
        }

        if (configuration.Truncation is LogUniformTruncation range)
        {
            Refuse(
                range.Max < range.Min, "truncation.max", $"{range.Max} is less than truncation.min = {range.Min}",
                "at least truncation.min");
        }

        if (configuration.Task is ImageMlpSettings images)
        {
            Refuse(
                images.DataFolder.StartsWith('~'), "task.data-folder", "'~' is not expanded",
                "the path of the home folder itself");
            Refuse(
                images.DataFolder.Length == 0 && images.ImageSize != ImageMlpSettings.ShippedImageSize,
                "task.image-size",
                $"without task.data-folder there are only images of size {ImageMlpSettings.ShippedImageSize}",
                $"{ImageMlpSettings.ShippedImageSize}, or a folder of IDX files in task.data-folder");
        }

        if (configuration.Task is PluginSettings plugin)
        {
            Refuse(
                plugin.Folder.Length == 0, "task.folder", "a plugin needs a folder", "--plugin DIR, or a path");
            Refuse(
                plugin.Folder.StartsWith('~'), "task.folder", "'~' is not expanded", "the path of the home folder itself");
        }

        var hasOwnTheta = configuration.Task.HasOwnTheta;
        var whose = configuration.Task is PluginSettings ? "a plugin's problem" : $"task {configuration.Task.Name}";
        Refuse(
            hasOwnTheta && configuration.MetaLossSplit != MetaLossSplit.BeforeUpdate, "meta-loss-split",
            $"{whose} defines its own loss",
            SettingWords.MetaLossSplits.NameOf(MetaLossSplit.BeforeUpdate));
        Refuse(
            hasOwnTheta != configuration.Optimizer is NoOptimizerSettings,
            "optimizer.name",
            hasOwnTheta
                ? $"{whose} has its own theta"
                : $"task {configuration.Task.Name} is trained with an optimizer, whose parameters are theta",
            hasOwnTheta
                ? KnownNames.None
                : string.Join(", ", KnownNames.Optimizers.Names.Where(name => name != KnownNames.None)));

        if (configuration.MetaOptimizer is MetaAdamSettings adam)
        {
            Refuse(
                adam.Epsilon == 0 && adam.EpsilonRoot == 0, "meta-optimizer.epsilon",
                "epsilon and epsilon-root are both 0, and a gradient entry of 0 would be divided by 0",
                "one of them greater than 0");
        }

        var step = configuration.MetaOptimizer.Step;
        Refuse(
            step.Schedule == RateSchedule.Cosine && step.DecaySteps <= step.WarmUp, "meta-optimizer.decay-steps",
            $"{step.DecaySteps} is not behind warm-up = {step.WarmUp}", "more than meta-optimizer.warm-up");
        Refuse(
            configuration.Truncation is NeverEndingTruncation && configuration.Estimator is FullESOptions,
            "truncation.schedule", "full-es runs whole trajectories, and never-ending has none",
            "constant, log-uniform, scheduled");

        if (configuration.WindowLoss == WindowLoss.Last && configuration.Estimator is not (FullESOptions or TelescopingPESOptions))
        {
            Refuse(
                !IsAligned(configuration), "window-loss", "last needs every trajectory to end with a window",
                "mean, sum, or last with truncation { schedule = constant, length a multiple of window, offset = 0 } "
                + "and reset = exact");
        }
    }

    // Offsets are drawn from all whole numbers below the limit, so that only 0 and 1 keep the starts aligned.
    private static bool IsAligned(RunConfiguration configuration) =>
        configuration.Reset == ResetContract.Exact
        && configuration.Truncation is ConstantTruncation { Offset: 0 or 1 } constant
        && constant.Length % configuration.Window == 0;
}
