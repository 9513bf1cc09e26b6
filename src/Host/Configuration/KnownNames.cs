namespace Involute.Hosting.Configuration;

/// <summary>The names that a configuration may choose from, each with its options: one table per block.</summary>
public static class KnownNames
{
    /// <summary>Fashion-MNIST at 8×8 with one hidden layer of 32.</summary>
    public const string FashionMnist8Relu32 = "fashion-mnist-8-relu32";

    /// <summary>A multi-layer perceptron on images.</summary>
    public const string ImageMlp = "image-mlp";

    /// <summary>The sum of squares.</summary>
    public const string Quadratic = "quadratic";

    /// <summary>Quadratics with a random minimum.</summary>
    public const string FixedDimQuadratic = "fixed-dim-quadratic";

    /// <summary>A linear loss without memory, for measuring noise and transport.</summary>
    public const string MemorylessLinear = "memoryless-linear";

    /// <summary>A problem of a user's own.</summary>
    public const string Plugin = "plugin";

    /// <summary>No learned optimizer: the task has its own theta.</summary>
    public const string None = "none";

    /// <summary>Gradient descent, both as a learned and as a meta-optimizer.</summary>
    public const string Sgd = "sgd";

    /// <summary>Gradient descent with momentum.</summary>
    public const string Sgdm = "sgdm";

    /// <summary>Adam, both as a learned and as a meta-optimizer.</summary>
    public const string Adam = "adam";

    /// <summary>A learned optimizer: a perceptron for each parameter.</summary>
    public const string Mlp = "mlp";

    /// <summary>A learned optimizer: a tiny perceptron with Adafactor's features.</summary>
    public const string AdafacMlp = "adafac-mlp";

    /// <summary>Persistent evolution strategies.</summary>
    public const string PersistentES = "persistent-es";

    /// <summary>Evolution strategies over whole trajectories.</summary>
    public const string FullES = "full-es";

    /// <summary>Evolution strategies on windows, biased.</summary>
    public const string TruncatedES = "truncated-es";

    /// <summary>One perturbation for a whole trajectory.</summary>
    public const string NoiseReuseES = "noise-reuse-es";

    /// <summary>A new perturbation for each stretch of a trajectory.</summary>
    public const string GeneralizedPES = "gpes";

    /// <summary>Persistent evolution strategies for the last loss of a trajectory.</summary>
    public const string TelescopingPES = "telescoping-pes";

    /// <summary>Horizons of one length.</summary>
    public const string Constant = "constant";

    /// <summary>Horizons with a uniform logarithm.</summary>
    public const string LogUniform = "log-uniform";

    /// <summary>Trajectories that are never reset.</summary>
    public const string NeverEnding = "never-ending";

    /// <summary>Horizons that grow with the outer step.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>A database in the run's folder.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A database on a server.</summary>
    public const string Postgresql = "postgresql";

    /// <summary>Inner tasks.</summary>
    public static NameTable Tasks { get; } = new(
        "task", "name",
        new NamedChoice(FashionMnist8Relu32),
        new NamedChoice(ImageMlp, "data-folder", "image-size", "hidden", "batch-size"),
        new NamedChoice(Quadratic, "dimension"),
        new NamedChoice(FixedDimQuadratic, "dimension"),
        new NamedChoice(MemorylessLinear, "dimension", "gradients"),
        new NamedChoice(Plugin, "folder", "problem", "sha256", "options"));

    /// <summary>Learned optimizers.</summary>
    public static NameTable Optimizers { get; } = new(
        "optimizer", "name",
        new NamedChoice(Sgd, "learning-rate"),
        new NamedChoice(Sgdm, "learning-rate", "momentum"),
        new NamedChoice(Adam, "learning-rate", "beta1", "beta2", "epsilon"),
        new NamedChoice(Mlp, "hidden-size", "hidden-layers", "step-multiplier", "exponent-multiplier"),
        new NamedChoice(AdafacMlp, "hidden-size", "hidden-layers", "step-multiplier", "exponent-multiplier"),
        new NamedChoice(None));

    /// <summary>Gradient estimators.</summary>
    public static NameTable Estimators { get; } = new(
        "estimator", "name",
        new NamedChoice(PersistentES, "sign-loss-diff") { Aliases = ["pes"] },
        new NamedChoice(FullES, "loss", "recompute-batches", "clip-loss-diff", "sign-loss-diff") { Aliases = ["full"] },
        new NamedChoice(TruncatedES, "carry", "sign-loss-diff") { Aliases = ["tes"] },
        new NamedChoice(NoiseReuseES, "sign-loss-diff") { Aliases = ["nres", "es-single"] },
        new NamedChoice(GeneralizedPES, "stretch", "sign-loss-diff"),
        new NamedChoice(TelescopingPES));

    /// <summary>Truncation schedules.</summary>
    public static NameTable Schedules { get; } = new(
        "truncation", "schedule",
        new NamedChoice(Constant, "length", "offset"),
        new NamedChoice(LogUniform, "min", "max", "offset"),
        new NamedChoice(NeverEnding, "offset"),
        new NamedChoice(Scheduled, "from", "to", "over", "spread", "offset"));

    /// <summary>Meta-optimizers.</summary>
    public static NameTable MetaOptimizers { get; } = new(
        "meta-optimizer", "name",
        new NamedChoice(
            Adam, ["learning-rate", "beta1", "beta2", "epsilon", "epsilon-root", .. MetaStepSettings.Keys]),
        new NamedChoice(Sgd, ["learning-rate", .. MetaStepSettings.Keys]));

    /// <summary>Stores of ledgers and checkpoints.</summary>
    public static NameTable Stores { get; } = new(
        "store", "name",
        new NamedChoice(Sqlite),
        new NamedChoice(Postgresql, "connection"));

    /// <summary>All tables.</summary>
    public static IReadOnlyList<NameTable> All { get; } =
        [Estimators, Tasks, Optimizers, Schedules, MetaOptimizers, Stores];
}
