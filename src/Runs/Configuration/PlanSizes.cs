using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Runs.Configuration;

/// <summary>Settings that are each allowed and together too large for any machine, or for this one.</summary>
internal static class PlanSizes
{
    // Vectors are counted in 32 bits; a pair's state is an array of bytes.
    private const long MostNumbers = int.MaxValue;
    private const long MostStateBytes = int.MaxValue;
    private const long PairsOfTrial = 2;

    /// <summary>Makes a task, whose number of parameters may be more than a vector holds.</summary>
    public static IInnerTask Made(InnerTaskOptions options, Func<IInnerTask> make)
    {
        try
        {
            return make();
        }
        catch (OverflowException)
        {
            throw TooLarge("involute.task", $"task {options.Title} has more than {MostNumbers} parameters", "smaller sizes");
        }
    }

    /// <summary>Throws if a pair, or a block of pairs, cannot be held.</summary>
    public static void Require(
        RunConfiguration configuration, IInnerTask task, ILearnedOptimizer optimizer, ArmSet arms)
    {
        var lane = LaneLength(task, optimizer);
        var pair = (decimal)lane * arms.Count();
        if (pair * sizeof(float) > MostStateBytes)
        {
            throw TooLarge(
                "involute.task", $"the state of a pair would have {Size(pair)}", $"smaller sizes, at most {Size(MostStateBytes / 4)}");
        }

        var block = pair * Math.Min(configuration.Pairs, configuration.PairsPerActor);
        if (block > MostNumbers)
        {
            throw TooLarge(
                "involute.pairs-per-actor",
                $"the pairs of an actor would have {Size(block)}", $"at most {Math.Floor(MostNumbers / pair)} pairs per actor");
        }

        var (trial, memory) = (pair * PairsOfTrial, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (trial * sizeof(float) > memory)
        {
            throw TooLarge(
                "involute.task",
                $"two pairs have {Size(trial)}, and this machine has {Size(memory / 4)}", "smaller sizes, or more memory");
        }
    }

    private static long LaneLength(IInnerTask task, ILearnedOptimizer optimizer)
    {
        try
        {
            var last = task.Parameters[^1];
            return (long)AlignedBuffer.Padded(checked(last.Offset + last.Length)) + optimizer.StateLength(task.Parameters);
        }
        catch (OverflowException)
        {
            return MostNumbers + 1;
        }
    }

    private static string Size(decimal numbers) => ByteSize.Text((double)numbers * sizeof(float));

    /// <summary>The refusal of settings that are too large.</summary>
    public static ConfigurationException TooLarge(string key, string problem, string allowed) =>
        new(SourcePosition.Of("the settings"), key, problem, allowed);
}
