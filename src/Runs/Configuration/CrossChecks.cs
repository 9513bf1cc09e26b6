using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Runs.Plugins;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;

namespace Involute.Runs.Configuration;

/// <summary>Settings of different blocks that are each right and together wrong.</summary>
internal static class CrossChecks
{
    /// <summary>
    /// Throws for the first contradiction; the tree tells where its key was written, or what contradicts it, whichever was written
    /// last.
    /// </summary>
    public static void Check(RunConfiguration configuration, HoconBlock involute, LayerOrder order)
    {
        void Refuse(bool isWrong, string key, string other, string problem, string allowed)
        {
            if (isWrong)
            {
                throw new ConfigurationException(
                    (order.Latest(involute.Find(key), involute.Find(other)) ?? involute).Position,
                    $"{ConfigurationLayers.Root}.{key}", problem, allowed);
            }
        }

        Refuse(
            !GpuOptions.IsName(configuration.Gpu.Device), "gpu.device", "gpu.device",
            $"{Excerpt.Quote(configuration.Gpu.Device)} names no device", "none, cpu, or \"cuda:N\" with the number of a card");

        var task = configuration.Task;
        Refuse(
            task.HasOwnTheta && configuration.MetaLossSplit != MetaLossSplit.BeforeUpdate, "meta-loss-split",
            "task.name", $"task {task.Title} defines its own loss", "before-update");
        Refuse(
            task.HasOwnTheta != configuration.Optimizer is NoOptimizerOptions,
            "optimizer.name",
            "task.name",
            task.HasOwnTheta
                ? $"task {task.Title} has its own theta"
                : $"task {task.Title} is trained with an optimizer, whose parameters are theta",
            task.HasOwnTheta ? "none" : "an optimizer ('involute list optimizers')");

        var estimator = configuration.Estimator.Made(options => options.Create<float>());
        Refuse(
            estimator.Needs.Tangents != TangentSpan.None && !task.HasOwnTheta && KnownDerivatives.Current is null,
            "estimator.name",
            "task.name",
            $"{estimator.Name} differentiates the unroll, which task {task.Title} with an optimizer does not offer",
            "an estimator by perturbations alone, or a task that offers derivatives, as 'involute list tasks' says");
        Refuse(
            estimator.Needs.CarriesTangents && !task.HasOwnTheta,
            "estimator.name",
            "task.name",
            $"{estimator.Name} carries derivatives from window to window, which no optimizer offers",
            "truncated-grad, full-grad, persistent-es-analytic, or an estimator by perturbations alone");

        var wholeTrajectories = estimator.Needs.Carry == Carry.Nothing;
        Refuse(
            wholeTrajectories && configuration.Truncation.NeverEnds,
            "truncation.schedule",
            "estimator.name",
            $"{estimator.Name} runs whole trajectories, and {configuration.Truncation.Name} has none",
            "a schedule that ends");

        Refuse(
            !wholeTrajectories
                && configuration.Truncation.Offset == StationaryStart.Offset
                && configuration.Truncation.Made(options => options.Create()).LongestHorizonAt(0) is null,
            "truncation.offset",
            "truncation.schedule",
            $"schedule {configuration.Truncation.Name} does not tell its longest horizon, which a stationary offset needs",
            "a whole number");

        if (configuration.WindowLoss == WindowLoss.Last
            && !wholeTrajectories
            && configuration.Estimator is not TelescopingPESOptions)
        {
            Refuse(
                !IsAligned(configuration), "window-loss", "truncation.schedule", "last needs every trajectory to end with a window",
                "mean, sum, or last with truncation { schedule = constant, length a multiple of window, offset = 0 } "
                + "and reset = exact");
        }
    }

    // Offsets are drawn from all whole numbers below the limit, so that only 0 and 1 keep the starts aligned.
    private static bool IsAligned(RunConfiguration configuration) =>
        configuration.Reset == ResetContract.Exact
        && configuration.Truncation is ConstantOptions { Offset: 0 or 1 } constant
        && constant.Length % configuration.Window == 0;
}
