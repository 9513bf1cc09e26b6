using System.Text;

namespace Involute.Hosting.Configuration;

/// <summary>Writes a configuration: every key once, in one order; equal configurations are equal texts.</summary>
internal static class ConfigurationText
{
    private const string Root = "involute";

    /// <summary>All keys with their values; the keys of a block stand together.</summary>
    public static IReadOnlyList<Setting> Settings(RunConfiguration c) =>
    [
        One("seed", HoconText.Of(c.Seed)),
        One("outer-steps", HoconText.Of(c.OuterSteps)),
        One("pairs", HoconText.Of(c.Pairs)),
        One("pairs-per-actor", HoconText.Of(c.PairsPerActor)),
        One("window", HoconText.Of(c.Window)),
        One("sigma", HoconText.Of(c.Sigma)),
        One("window-loss", SettingWords.WindowLosses.NameOf(c.WindowLoss)),
        One("normalisation", SettingWords.Normalisations.NameOf(c.Normalisation)),
        One("reset", SettingWords.Resets.NameOf(c.Reset)),
        One("divergence", SettingWords.Divergences.NameOf(c.Divergence)),
        One("meta-loss-split", SettingWords.MetaLossSplits.NameOf(c.MetaLossSplit)),
        .. Block(KnownNames.Estimators, c.Estimator.Name, c.Estimator.Options),
        .. Block(KnownNames.Tasks, c.Task.Name, c.Task.Options),
        .. Block(KnownNames.Optimizers, c.Optimizer.Name, c.Optimizer.Options),
        .. Block(KnownNames.Schedules, c.Truncation.Schedule, c.Truncation.Options),
        .. Block(KnownNames.MetaOptimizers, c.MetaOptimizer.Name, c.MetaOptimizer.Options),
        One("aggregation", SettingWords.Aggregations.NameOf(c.Aggregation)),
        One("checkpoint-interval", HoconText.Of(c.CheckpointInterval)),
        One("threads", HoconText.Of(c.Threads)),
        One("max-pair-restarts", HoconText.Of(c.MaxPairRestarts)),
        .. Block(KnownNames.Stores, c.Store.Name, c.Store.Options),
    ];

    /// <summary>The whole text, with line feeds only.</summary>
    public static string Write(RunConfiguration configuration)
    {
        var text = new StringBuilder(Root).Append(" {\n");
        string? open = null;
        foreach (var setting in Settings(configuration))
        {
            var parts = setting.Key.Split('.');
            var block = parts.Length == 3 ? parts[1] : null;
            if (block != open)
            {
                text.Append(open is null ? "" : "  }\n");
                text.Append(block is null ? "" : $"  {block} {{\n");
                open = block;
            }

            var indent = block is null ? "  " : "    ";
            text.Append(indent).Append(parts[^1]).Append(" = ").Append(setting.Value).Append('\n');
        }

        text.Append(open is null ? "}\n" : "  }\n}\n");
        return text.Append(configuration.Akka).ToString();
    }

    private static Setting One(string key, string value) => new($"{Root}.{key}", value);

    private static IEnumerable<Setting> Block(NameTable table, string name, IEnumerable<Setting> options) =>
    [
        One($"{table.Block}.{table.NameKey}", name),
        .. options.Select(option => One($"{table.Block}.{option.Key}", option.Value)),
    ];
}
