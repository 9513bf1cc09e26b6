using System.Diagnostics;
using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Runs.Plugins;
using Involute.Tasks;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Runs.Configuration;

/// <summary>Makes the objects that a configuration names.</summary>
public static class PlanFactory
{
    /// <summary>The plan of a run. Reads the task's data.</summary>
    /// <exception cref="DataFormatException">A data file is missing or wrong.</exception>
    /// <exception cref="ConfigurationException">The estimator needs derivatives, and the problem offers none; or the sizes
    /// are too large.</exception>
    public static TrainingPlan<float> Create(RunConfiguration configuration)
    {
        var problem = Problem(configuration);
        var estimator = configuration.Estimator.Made(options => options.Create<float>());
        if (problem is OptimizedTask { Task: var task, Optimizer: var optimizer })
        {
            if (task.RefusalOf(optimizer) is { } refusal)
            {
                throw new ConfigurationException(
                    SourcePosition.Of("the settings"), $"involute.optimizer.{refusal.Key}", refusal.Problem,
                    refusal.Allowed);
            }

            PluginCode.Guard(
                PluginFolders.LoadedFor(configuration)?.Folder.FullPath,
                "its sizes cannot be told",
                () => PlanSizes.Require(configuration, task, optimizer, estimator.Needs.Arms));
        }

        return estimator.Needs.AreMetBy(problem)
            ? Create(configuration, problem, estimator)
            : throw NoDerivatives(problem, estimator);
    }

    private static ConfigurationException NoDerivatives(
        IInnerProblem<float> problem, IGradientEstimator<float> estimator)
    {
        var (refused, allowed) = problem is OptimizedTask { Derivative: { } derivative } trained
            && derivative.Refusal(trained.Task, trained.Optimizer) is { } refusal ? refusal
            : ($"{problem.Name} offers no derivatives", "a step function that is an IDifferentiableStep");
        return new ConfigurationException(
            SourcePosition.Of("the settings"),
            "involute.estimator.name",
            $"{estimator.Name} differentiates the unroll, but {refused}",
            $"{allowed}; or an estimator that uses perturbations only");
    }

    private static TrainingPlan<float> Create(
        RunConfiguration configuration, IInnerProblem<float> problem, IGradientEstimator<float> estimator) => new(
        problem,
        estimator,
        new GaussianNoise<float>(configuration.Sigma),
        configuration.Truncation.Made(options => options.Create()),
        new WindowSettings(
            configuration.Seed,
            configuration.Window,
            configuration.Truncation.Offset,
            configuration.WindowLoss,
            configuration.Normalisation,
            configuration.Reset,
            configuration.Divergence,
            Measured(configuration.MetaLossSplit)),
        configuration.MetaOptimizer.Made(options => options.Create<float>()),
        configuration.Pairs,
        configuration.PairsPerActor);

    /// <summary>Theta before the first outer step; needs no data.</summary>
    public static Theta<float> InitialTheta(RunConfiguration configuration) =>
        InitialThetaAndLayout(configuration).Theta;

    /// <summary>Theta before the first outer step, with the names and shapes of its tensors; needs no data.</summary>
    internal static (ThetaLayout Layout, Theta<float> Theta) InitialThetaAndLayout(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);

        // Without data, which the theta of a learned optimizer does not depend on.
        var problem = configuration.Task.HasOwnTheta
            ? Problem(configuration)
            : new OptimizedTask(new QuadraticTask(), Optimizer(configuration));
        return (problem.Layout, Theta<float>.Initial(problem, configuration.Seed));
    }

    private static IInnerProblem<float> Problem(RunConfiguration configuration) => configuration.Task switch
    {
        InnerProblemOptions problem => problem.Made(options => options.Create()),
        InnerTaskOptions task => new OptimizedTask(
            PlanSizes.Made(task, () => task.Made(options => options.Create())), Optimizer(configuration))
        {
            Derivative = KnownDerivatives.Current,
        },
        var other => throw new UnreachableException($"a task is a task or a problem, and {other.GetType()} is neither"),
    };

    /// <summary>The learned optimizer of a run whose task has no theta of its own.</summary>
    internal static ILearnedOptimizer Optimizer(RunConfiguration configuration) =>
        configuration.Optimizer.Made(options => options.Create());

    private static LossTime Measured(MetaLossSplit split) => split switch
    {
        MetaLossSplit.BeforeUpdate => LossTime.BeforeUpdate,
        MetaLossSplit.SameData => LossTime.SameBatchAfterUpdate,
        MetaLossSplit.Train => LossTime.OnSplitAfterUpdate(DataSplit.Train),
        MetaLossSplit.InnerValid => LossTime.OnSplitAfterUpdate(DataSplit.InnerValid),
        MetaLossSplit.OuterValid => LossTime.OnSplitAfterUpdate(DataSplit.OuterValid),
        _ => throw new UnreachableException($"no loss time for {split}"),
    };
}
