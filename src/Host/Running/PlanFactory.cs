using System.Diagnostics;
using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Hosting.Commands;
using Involute.Hosting.Configuration;
using Involute.Hosting.Plugins;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Hosting.Running;

/// <summary>Makes the objects that a configuration names.</summary>
internal static class PlanFactory
{
    /// <summary>The plan of a run. Reads the task's data.</summary>
    /// <exception cref="DataFormatException">A data file is missing or wrong.</exception>
    public static TrainingPlan<float> Create(RunConfiguration configuration) => Create(configuration, Problem(configuration));

    /// <summary>The plan of a new run, and its configuration with what loading the task has told about it.</summary>
    /// <exception cref="DataFormatException">A data file is missing or wrong.</exception>
    public static (RunConfiguration Configuration, TrainingPlan<float> Plan) Begin(RunConfiguration configuration)
    {
        if (configuration.Task is not PluginSettings settings)
        {
            return (configuration, Create(configuration));
        }

        var plugin = PluginTask.Load(settings);
        configuration = configuration with { Task = plugin.Settings };
        return (configuration, Create(configuration, plugin.Problem));
    }

    /// <summary>The configuration with what loading a plugin, if it names one, has told about it.</summary>
    public static RunConfiguration WithPlugin(RunConfiguration configuration) =>
        configuration.Task is PluginSettings settings
            ? configuration with { Task = PluginTask.Load(settings).Settings }
            : configuration;

    /// <summary>Theta before the first outer step; needs no data.</summary>
    public static Theta<float> InitialTheta(RunConfiguration configuration)
    {
        // Without data, which the theta of a learned optimizer does not depend on.
        var problem = configuration.Task.HasOwnTheta
            ? Problem(configuration)
            : new OptimizedTask(new QuadraticTask(), Optimizer(configuration.Optimizer));
        var values = new float[problem.Layout.Length];
        problem.InitialTheta(configuration.Seed, values);
        return new Theta<float>(new ThetaVersion(0), values);
    }

    /// <summary>The task, with its data.</summary>
    public static IInnerTask Task(TaskSettings settings) => settings switch
    {
        FashionMnist8Relu32Settings => Tasks.Images.ImageMlp.FashionMnist8Relu32(),
        ImageMlpSettings images => ImageMlp(images),
        QuadraticSettings quadratic => new QuadraticTask(quadratic.Dimension),
        FixedDimQuadraticSettings quadratic => new FixedDimQuadraticFamily(quadratic.Dimension),
        _ => throw new UnreachableException($"no task for {settings.Name}"),
    };

    /// <summary>The learned optimizer.</summary>
    public static ILearnedOptimizer Optimizer(OptimizerSettings settings) => settings switch
    {
        SgdmSettings sgdm => new LearnableSgdm(sgdm.LearningRate, sgdm.Momentum),
        AdamSettings adam => new LearnableAdam(adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon),
        SgdSettings sgd => new LearnableSgd(sgd.LearningRate),
        MlpSettings { Network: var network } => new MlpOptimizer(
            network.HiddenSize, network.HiddenLayers, network.StepMultiplier, network.ExponentMultiplier),
        AdafacMlpSettings { Network: var network } => new AdafacMlpOptimizer(
            network.HiddenSize, network.HiddenLayers, network.StepMultiplier, network.ExponentMultiplier),
        _ => throw new UnreachableException($"no optimizer for {settings.Name}"),
    };

    private static IInnerProblem<float> Problem(RunConfiguration configuration) => configuration.Task switch
    {
        PluginSettings plugin => PluginTask.Load(plugin).Problem,
        MemorylessLinearSettings linear => new StepProblem<float>(
            new MemorylessLinear<float>(linear.Dimension, linear.Gradients == LinearGradients.Orthonormal)),
        var task => new OptimizedTask(Task(task), Optimizer(configuration.Optimizer)),
    };

    private static TrainingPlan<float> Create(RunConfiguration configuration, IInnerProblem<float> problem) => new(
        problem,
        Estimator(configuration.Estimator),
        new GaussianNoise<float>(configuration.Sigma),
        Schedule(configuration.Truncation),
        new WindowSettings(
            configuration.Seed,
            configuration.Window,
            configuration.Truncation.Offset,
            configuration.WindowLoss,
            configuration.Normalisation,
            configuration.Reset,
            configuration.Divergence,
            Measured(configuration.MetaLossSplit)),
        MetaOptimizerFactory.Create(configuration.MetaOptimizer),
        configuration.Pairs,
        configuration.PairsPerActor);

    private static ImageMlp ImageMlp(ImageMlpSettings settings)
    {
        var images = Images(settings);
        var smallest = Enum.GetValues<DataSplit>().Min(split => images[split].Count);
        return settings.BatchSize <= smallest
            ? new ImageMlp(settings.Name, images, settings.Hidden, settings.BatchSize)
            : throw new CommandException(
                ExitCode.Data,
                $"{images.Name}: its smallest split has {smallest} examples; allowed for involute.task.batch-size: 1 to {smallest}");
    }

    private static ImageDataset Images(ImageMlpSettings settings) => settings.DataFolder.Length == 0
        ? FashionMnist.Embedded8x8()
        : IdxFolder.Load(settings.DataFolder, FashionMnist.Classes, (settings.ImageSize, settings.ImageSize));

    private static IGradientEstimator<float> Estimator(EstimatorSettings settings) => settings switch
    {
        PersistentESOptions pes => new PersistentES<float>(new PersistentESSettings(OrNone(pes.SignLossDiff))),
        TruncatedESOptions tes => new TruncatedES<float>(new TruncatedESSettings(tes.Carry, OrNone(tes.SignLossDiff))),
        NoiseReuseESOptions nres => new NoiseReuseES<float>(new NoiseReuseESSettings(OrNone(nres.SignLossDiff))),
        GeneralizedPESOptions gpes => new GeneralizedPES<float>(
            new GeneralizedPESSettings(gpes.Stretch, OrNone(gpes.SignLossDiff))),
        TelescopingPESOptions => new TelescopingPES<float>(),
        FullESOptions full => new FullES<float>(new FullESSettings(
            full.Loss, full.RecomputeBatches, OrNone(full.ClipLossDiff), OrNone(full.SignLossDiff))),
        _ => throw new UnreachableException($"no estimator for {settings.Name}"),
    };

    // In the configuration 0 stands for "off".
    private static double? OrNone(double value) => value > 0 ? value : null;

    private static LossTime Measured(MetaLossSplit split) => split switch
    {
        MetaLossSplit.BeforeUpdate => LossTime.BeforeUpdate,
        MetaLossSplit.SameData => LossTime.SameBatchAfterUpdate,
        MetaLossSplit.Train => LossTime.OnSplitAfterUpdate(DataSplit.Train),
        MetaLossSplit.InnerValid => LossTime.OnSplitAfterUpdate(DataSplit.InnerValid),
        MetaLossSplit.OuterValid => LossTime.OnSplitAfterUpdate(DataSplit.OuterValid),
        _ => throw new UnreachableException($"no loss time for {split}"),
    };

    private static ITruncationSchedule Schedule(TruncationSettings settings) => settings switch
    {
        ConstantTruncation constant => new ConstantSchedule(constant.Length),
        LogUniformTruncation range => new LogUniformSchedule(range.Min, range.Max),
        NeverEndingTruncation => new NeverEndingSchedule(),
        ScheduledTruncation growing => new CurriculumSchedule(
            new PiecewiseLinear((0, growing.From), (growing.Over, growing.To)), new ScheduledLengths(growing.Spread)),
        _ => throw new UnreachableException($"no schedule for {settings.Schedule}"),
    };
}
