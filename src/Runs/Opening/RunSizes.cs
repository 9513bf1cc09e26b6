using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs.Configuration;

namespace Involute.Runs.Opening;

/// <summary>How large what a run keeps and writes will be: known before it begins.</summary>
/// <param name="ThetaBytes">Bytes of theta.</param>
/// <param name="MetaOptimizerBytes">Bytes of the meta-optimizer's memory.</param>
/// <param name="Blocks">Pair actors.</param>
/// <param name="StateBytes">Bytes of the states of all pairs.</param>
/// <param name="LargestBlockBytes">Bytes of the largest state of one block.</param>
internal sealed record RunSizes(
    long ThetaBytes, long MetaOptimizerBytes, int Blocks, long StateBytes, long LargestBlockBytes)
{
    // A state travels in one message, and stands in one array.
    private const long MostBlockBytes = 1_000_000_000;

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
        List<long> states = [.. blocks.Select(check.StateBytes)];
        return new RunSizes(
            (long)plan.ThetaLength * sizeof(float),
            (long)plan.MetaOptimizer.StateLength(plan.ThetaLength) * sizeof(double),
            blocks.Count,
            states.Sum(),
            states.Max());
    }

    /// <summary>Throws if a run of this size cannot be computed or kept.</summary>
    /// <exception cref="ConfigurationException">It cannot, with the setting that would help.</exception>
    public void Require(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (LargestBlockBytes > MostBlockBytes)
        {
            var pairs = configuration.PairsPerActor * MostBlockBytes / LargestBlockBytes;
            throw PlanSizes.TooLarge(
                "involute.pairs-per-actor",
                $"the state of {configuration.PairsPerActor} pairs would have {ByteSize.Text(LargestBlockBytes)}, and an "
                    + $"actor's may have {ByteSize.Text(MostBlockBytes)}",
                pairs >= 1 ? $"at most {pairs} pairs per actor, or a smaller task" : "a smaller task");
        }

        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (StateBytes > memory)
        {
            throw PlanSizes.TooLarge(
                "involute.pairs",
                $"the states of all pairs have {ByteSize.Text(StateBytes)}, and this machine has {ByteSize.Text(memory)} "
                    + "of memory",
                "fewer pairs, a smaller task, or more memory");
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"theta has {ByteSize.Text(ThetaBytes)}, the states of all pairs {ByteSize.Text(StateBytes)}, a checkpoint "
            + ByteSize.Text(CheckpointBytes);
}
