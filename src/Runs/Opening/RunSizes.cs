using System.Globalization;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs.Configuration;

namespace Involute.Runs.Opening;

/// <summary>How large what a run keeps and writes will be: known before it begins.</summary>
/// <param name="ThetaBytes">Bytes of theta.</param>
/// <param name="MetaOptimizerBytes">Bytes of the meta-optimizer's memory.</param>
/// <param name="Blocks">Pair actors.</param>
/// <param name="StateBytes">Bytes of the states of all pairs.</param>
internal sealed record RunSizes(long ThetaBytes, long MetaOptimizerBytes, int Blocks, long StateBytes)
{
    // Magic, schema, length, step, loss, three counts and the hash; two texts of a hash and a name with their lengths.
    private const int CheckpointHeaderBytes = 8 + 4 + 8 + 8 + 8 + (3 * 4) + 32 + 4 + 64 + 4 + 64;
    private const int BlockHeaderBytes = 3 * sizeof(int);
    private const long Large = 100 << 20;

    /// <summary>Bytes of a checkpoint, at most.</summary>
    public long CheckpointBytes => CheckpointHeaderBytes + ThetaBytes + MetaOptimizerBytes
        + ((long)Blocks * BlockHeaderBytes) + StateBytes;

    /// <summary>Whether a person should know before the run begins.</summary>
    public bool IsLarge => CheckpointBytes >= Large;

    /// <summary>The sizes of a run, whose problem may be a plugin's.</summary>
    /// <exception cref="Plugins.PluginException">A plugin's code threw.</exception>
    /// <exception cref="ConfigurationException">A vector would have more numbers than it can.</exception>
    public static RunSizes Of(RunConfiguration configuration, TrainingPlan<float> plan) =>
        ThisComputation.Tried(configuration, plan, () => Of(plan));

    /// <summary>The sizes of a run.</summary>
    public static RunSizes Of(TrainingPlan<float> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var check = new PairStateCheck<float>(plan);
        var blocks = plan.Blocks();
        return new RunSizes(
            (long)plan.ThetaLength * sizeof(float),
            (long)plan.MetaOptimizer.StateLength(plan.ThetaLength) * sizeof(double),
            blocks.Count,
            blocks.Sum(check.StateBytes));
    }

    /// <summary>Throws if a run of this size cannot be kept: its work would be lost at its first checkpoint.</summary>
    /// <exception cref="ConfigurationException">It cannot, with the setting that would help.</exception>
    public void Require(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var most = configuration.Store.MostCheckpointBytes;
        if (CheckpointBytes > most)
        {
            var pairs = configuration.Pairs * (decimal)most / CheckpointBytes;
            throw PlanSizes.TooLarge(
                "involute.pairs",
                $"a checkpoint would have {Text(CheckpointBytes)}, and store {configuration.Store.Name} takes {Text(most)}",
                pairs >= 1 ? $"at most {Math.Floor(pairs)} pairs, or a smaller task" : "a smaller task");
        }

        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (StateBytes > memory)
        {
            throw PlanSizes.TooLarge(
                "involute.pairs",
                $"the states of all pairs have {Text(StateBytes)}, and this machine has {Text(memory)} of memory",
                "fewer pairs, a smaller task, or more memory");
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"theta has {Text(ThetaBytes)}, the states of all pairs {Text(StateBytes)}, a checkpoint {Text(CheckpointBytes)}";

    /// <summary>A number of bytes for a person: "1.5 MiB".</summary>
    public static string Text(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < units.Length - 1; unit++)
        {
            value /= 1024;
        }

        var format = unit == 0 || value >= 100 ? "F0" : "F1";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {units[unit]}";
    }
}
