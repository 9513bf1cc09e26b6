using System.Security.Cryptography;
using System.Text;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Plans;
using Involute.Runs.Plugins;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;
using Involute.Tasks.Components;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;

namespace Involute.Runs.Configuration;

/// <summary>Everything that one may set about a run; <c>hocon/reference.conf</c> explains each setting.</summary>
/// <remarks>
/// <para>Each property is a key: its default is the initial value, its range and explanation stand in its attribute.
/// Reading, writing, error messages and the reference are derived from them (<see cref="ConfigurationSchema"/>); a new
/// key needs its property here, its use, and a line in the changelog.</para>
/// <para>Immutable. Read from texts by <see cref="ConfigurationLoader"/>. The order of the properties is that of the
/// keys in a run's identity: it must not change.</para>
/// </remarks>
public sealed record RunConfiguration
{
    private const double Million = 1_000_000;
    private const double Billion = 1_000_000_000;

    /// <summary>Key of all random numbers.</summary>
    [Option(
        "Key of all random numbers: initial theta, tasks, data order, perturbations. Two runs with the same settings "
        + "and the same seed give the same theta, bit for bit, for any number of threads. Change it to see how much of "
        + "a result is luck.",
        Theirs = ["init_seed"])]
    public long Seed { get; init; }

    /// <summary>Number of updates of theta, at least 1.</summary>
    [Option(
        "How many times theta is updated. May be raised when a run is resumed: involute resume RUN --set "
        + "involute.outer-steps=1000",
        Least = 1, Most = Billion, MayChange = true, MayChangeInRun = true, Theirs = ["num_steps", "num_outer_steps"])]
    public int OuterSteps { get; init; } = 600;

    /// <summary>Number of antithetic pairs, at least 1.</summary>
    [Option(
        "Antithetic pairs: each outer step averages the gradient over this many perturbations, each tried with both "
        + "signs. More pairs: less noise, proportionally more work in each outer step.",
        Least = 1, Most = Million, Theirs = ["num_tasks"])]
    public int Pairs { get; init; } = 16;

    /// <summary>Pairs that one actor owns, at least 1.</summary>
    [Option(
        "Pairs that one actor owns and sums before it answers; the last actor may have fewer. It is part of a run's "
        + "identity, because sums are rounded per actor. Raise it for inner problems so small that messages cost more "
        + "than computing.",
        Least = 1, Most = Million)]
    public int PairsPerActor { get; init; } = 1;

    /// <summary>Inner steps of a truncation window, at least 1.</summary>
    [Option(
        "How long each pair runs for one outer step (the truncation window). It need not divide the horizon: a window "
        + "may end one trajectory and begin the next. Short windows give more outer steps for the same work, with more "
        + "noise in each. full-es runs whole trajectories and ignores it.",
        Unit = "inner steps", Least = 1, Most = Million, Theirs = ["trunc_length", "unroll_length"])]
    public int Window { get; init; } = 50;

    /// <summary>Standard deviation of the perturbations.</summary>
    /// <remarks>The divisor 2·sigma² and theta ± epsilon must make sense in float32.</remarks>
    [Option(
        "Standard deviation of the perturbations of theta. Small: close to the true gradient, but drowned by rounding "
        + "and noise. Large: smooths over sharp features of the loss. For hyper-parameters as logarithms 0.01 to "
        + "0.1 is usual; for the weights of a network some hundredths.",
        Least = 1e-9, Most = 1000, Theirs = ["std"])]
    public double Sigma { get; init; } = 0.1;

    /// <summary>How the losses of a window become one number.</summary>
    [Option(
        "How the losses of a window's steps become one number. With persistent-es, last needs a constant schedule "
        + "whose length is a multiple of the window, no offset, and reset = exact.")]
    public WindowLoss WindowLoss { get; init; }

    /// <summary>How much a step counts.</summary>
    [Option("What a step counts. The values differ only if horizons vary. full-es always weighs trajectories, unless "
        + "window-loss is sum.")]
    public Normalisation Normalisation { get; init; }

    /// <summary>What happens between two trajectories.</summary>
    [Option("What happens when a trajectory reaches its horizon within a window.")]
    public ResetContract Reset { get; init; }

    /// <summary>What a non-finite inner loss does.</summary>
    [Option("What a loss that is not finite does.")]
    public DivergencePolicy Divergence { get; init; }

    /// <summary>When and on what data the meta-loss is measured.</summary>
    [Option(
        "When in an inner step, and on what data, the loss that theta is to lower is measured. Another split costs one "
        + "more evaluation per step. A task with a theta of its own defines its own loss: before-update only.",
        Theirs = ["meta_loss_split"])]
    public MetaLossSplit MetaLossSplit { get; init; }

    /// <summary>How losses become a gradient.</summary>
    [Block("How losses become a gradient of theta.", Theirs = ["gradient_estimator", "gradient_estimators"])]
    public EstimatorOptions Estimator { get; init; } = new PersistentESOptions();

    /// <summary>What the inner problem trains.</summary>
    [Block("What the inner problem trains.", Theirs = ["task_family"])]
    public TaskOptions Task { get; init; } = new FashionMnist8Relu32Options();

    /// <summary>What it is trained with, parameterised by theta.</summary>
    [Block(
        "The learned optimizer that trains it. Theta is its hyper-parameters, as logarithms, which start at these "
        + "values and which meta-training changes; or the weights of a network, which start at random, drawn from the "
        + "seed.",
        Theirs = ["learned_opt", "lopt"])]
    public OptimizerOptions Optimizer { get; init; } = new LearnableAdamOptions();

    /// <summary>How long trajectories last.</summary>
    [Block(
        "How long a trajectory is trained before the inner problem starts anew: the horizon.",
        Theirs = ["trunc_sched", "truncation_schedule"])]
    public ScheduleOptions Truncation { get; init; } = new LogUniformOptions();

    /// <summary>What applies the gradient to theta.</summary>
    [Block("How the gradient changes theta.", Theirs = ["theta_opt"])]
    public MetaOptimizerOptions MetaOptimizer { get; init; } = new MetaAdamOptions();

    /// <summary>How the learner waits for contributions.</summary>
    [Option("How contributions are gathered.")]
    public AggregationMode Aggregation { get; init; }

    /// <summary>Outer steps between two checkpoints, at least 1; null for a time that the run finds.</summary>
    [Option(
        "How far apart checkpoints are. After a crash at most this many outer steps are computed again; the result is "
            + "the same. auto: so that writing them takes at most 2 % of the time, 5 seconds to 5 minutes apart.",
        Unit = "outer steps", Least = 1, Most = Billion, OffWord = "auto", MayChange = true, MayChangeInRun = true,
        Theirs = ["step_interval", "time_interval"])]
    public int? CheckpointInterval { get; init; }

    /// <summary>Outer steps between two thetas that are kept, at least 1; null for a number that the run finds.</summary>
    [Option(
        "Of which outer steps theta is kept, in the folder thetas of the run: of the multiples of this number. 'involute export "
            + "--step' has them later. auto: so many that there are at most 256, with at most 64 MiB, and round numbers.",
        Unit = "outer steps", Least = 1, Most = Billion, OffWord = "auto", MayChange = true, MayChangeInRun = true,
        WhenMissing = "1000000000")]
    public int? KeepThetaEvery { get; init; }

    /// <summary>Whether event files for TensorBoard are written.</summary>
    [Option(
        "Whether the run's folder gets event files for TensorBoard, in tensorboard/: scalars, and histograms of theta. Some ten "
            + "MB in a run of days.",
        Key = "tensorboard",
        MayChange = true, MayChangeInRun = true, WhenMissing = "false")]
    public bool TensorBoard { get; init; } = true;

    /// <summary>Colours of the run's pictures.</summary>
    [Option(
        "Colours of the pictures in plots/ and evaluations/, which are there as pixels (.png) and as vectors (.svg).",
        MayChange = true, WhenMissing = "light")]
    public PlotColours Plots { get; init; }

    /// <summary>Compute threads; null for one per core.</summary>
    [Option(
        "Compute threads; auto is one per core. Does not change the result.", Least = 1, Most = 1024, OffWord = "auto",
        MayChange = true)]
    public int? Threads { get; init; }

    /// <summary>Restarts of one pair actor within one outer step before the run fails.</summary>
    [Option(
        "How often one pair actor may be restarted within one outer step, after an exception (which is a bug) or "
        + "because its node was lost, before the run fails.",
        Least = 0, Most = Million, MayChange = true)]
    public int MaxPairRestarts { get; init; } = 3;

    /// <summary>Seconds that a window may last at most.</summary>
    [Option(
        "How long the window of a pair actor may last before it counts as one that does not return, because a step function "
        + "loops or waits for ever: its process then ends with 70, and other workers take its pairs. Where windows have "
        + "returned, 100 times the longest of them is enough, but at least 600 s. A line comes much sooner.",
        Unit = "seconds", Least = 1, Most = Million, MayChange = true, WhenMissing = "3600")]
    public int WindowLimit { get; init; } = 3600;

    /// <summary>Outer steps in a row without anything to learn from, after which the run ends; null for no limit.</summary>
    [Option(
        "After how many outer steps in a row in which every arm of every pair diverged, or the gradient was zero, the run "
        + "ends with exit code 76: nothing is learned from them. A zero gradient counts for two mean trajectories at least.",
        Unit = "outer steps", Least = 1, Most = Billion, MayChange = true, MayChangeInRun = true,
        WhenMissing = "off")]
    public int? MaxHopelessSteps { get; init; } = 100;

    /// <summary>Where ledger and checkpoints are.</summary>
    [Block(
        "Where the ledger and the checkpoints are. Not part of a run's identity, but a run stays in the store that it "
        + "began in.",
        IsIdentity = false, WhenMissing = "sqlite")]
    public StoreOptions Store { get; init; } = new SqliteStoreOptions();

    /// <summary>The assemblies that bring components of a user's own.</summary>
    [Block(
        "Assemblies of your own, which bring tasks, optimizers, estimators and other components. --plugin DIR sets it.",
        WhenMissing = "")]
    public PluginOptions Plugin { get; init; } = new();

    /// <summary>What computes windows beside the processor.</summary>
    [Block("A graphics card, on which the windows of a run can be computed (docs/gpu.md).", WhenMissing = "")]
    public GpuOptions Gpu { get; init; } = new();

    /// <summary>The block <c>akka</c> as text for Akka's own parser; empty if there is none.</summary>
    /// <remarks>
    /// Written anew from what our parser read: Akka's parser never returns from some malformed texts, for instance from
    /// an unclosed list or <c>[1, $2]</c>.
    /// </remarks>
    public string Akka { get; init; } = "";

    /// <summary>The folder of the run's plugin, in whichever way it is named; null if there is none.</summary>
    public string? PluginFolder =>
        Plugin.Folder.Length > 0 ? Plugin.Folder : (Task as PluginTaskOptions)?.Folder;

    /// <summary>Every key under <c>involute</c>, in canonical order.</summary>
    public IReadOnlyList<Setting> Settings => [.. ConfigurationText.Settings(this).Select(setting => setting.Shown)];

    /// <summary>The effective configuration as text that reads back as an equal one.</summary>
    public string ToHocon() => ConfigurationText.Write(this);

    /// <summary>SHA-256 of <see cref="ToHocon"/> in UTF-8, in lowercase hexadecimal digits.</summary>
    public string Sha256() => HashOf(ToHocon());

    /// <summary>
    /// SHA-256 of the settings that decide theta: the same as long as only what <see cref="ResumeRules"/> allow
    /// changes, and wherever ledger and checkpoints are.
    /// </summary>
    public string IdentitySha256() => HashOf(string.Concat(
        ConfigurationText.Settings(this).Where(setting => setting.IsIdentity)
            .Select(setting => $"{setting.IdentityKey} = {setting.IdentityText}\n")));

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
