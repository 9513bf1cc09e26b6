namespace Involute.Hosting.Configuration;

/// <summary>Turns a complete tree of settings into typed ones, or says what is wrong with it.</summary>
internal static class ConfigurationReader
{
    private const int Billion = 1_000_000_000;
    private const int Million = 1_000_000;

    // The divisor 2·sigma² and theta ± epsilon must make sense in float32.
    private static readonly NumberRange SigmaRange = new(1e-9, 1000);

    /// <summary>Reads the tree below <c>involute</c>.</summary>
    public static RunConfiguration Read(HoconBlock involute, string akka)
    {
        var reader = new BlockReader(involute, ConfigurationLayers.Root);
        var configuration = new RunConfiguration
        {
            Seed = reader.Long("seed", long.MinValue, long.MaxValue),
            OuterSteps = reader.Integer("outer-steps", 1, Billion),
            Pairs = reader.Integer("pairs", 1, Million),
            PairsPerActor = reader.Integer("pairs-per-actor", 1, Million),
            Window = reader.Integer("window", 1, Million),
            Sigma = reader.Number("sigma", SigmaRange),
            WindowLoss = reader.Choice("window-loss", SettingWords.WindowLosses),
            Normalisation = reader.Choice("normalisation", SettingWords.Normalisations),
            Reset = reader.Choice("reset", SettingWords.Resets),
            Divergence = reader.Choice("divergence", SettingWords.Divergences),
            MetaLossSplit = reader.Choice("meta-loss-split", SettingWords.MetaLossSplits),
            Estimator = EstimatorSettings.Read(reader.Block(KnownNames.Estimators.Block)),
            Task = TaskSettings.Read(reader.Block(KnownNames.Tasks.Block)),
            Optimizer = OptimizerSettings.Read(reader.Block(KnownNames.Optimizers.Block)),
            Truncation = TruncationSettings.Read(reader.Block(KnownNames.Schedules.Block)),
            MetaOptimizer = MetaOptimizerSettings.Read(reader.Block(KnownNames.MetaOptimizers.Block)),
            Aggregation = reader.Choice("aggregation", SettingWords.Aggregations),
            CheckpointInterval = reader.Integer("checkpoint-interval", 1, Billion),
            Threads = reader.Integer("threads", 0, 1024),
            Store = StoreSettings.Read(reader.Block(KnownNames.Stores.Block)),
            MaxPairRestarts = reader.Integer("max-pair-restarts", 0, Million),
            Akka = akka,
        };
        reader.Finish();
        CrossChecks.Check(configuration, involute);
        return configuration;
    }
}
