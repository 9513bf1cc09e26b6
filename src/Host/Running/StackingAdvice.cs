using System.Globalization;
using Involute.Estimators.Plans;
using Involute.Runs.Configuration;
using Involute.Tasks.InnerTasks;

namespace Involute.Host.Running;

/// <summary>Says when pairs are computed one by one that would be faster side by side.</summary>
internal static class StackingAdvice
{
    // Less is not worth a line.
    private const double LeastGain = 1.15;

    /// <summary>One line, or null where there is nothing to say.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="plan">The plan that they give.</param>
    public static string? Of(RunConfiguration configuration, TrainingPlan<float> plan)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.PairsPerActor > 1
            || plan.Problem is not OptimizedTask { Task: { StackingGain: >= LeastGain } task }
            || plan.Pairs <= configuration.ComputeThreads())
        {
            return null;
        }

        var perThread = (plan.Pairs + configuration.ComputeThreads() - 1) / configuration.ComputeThreads();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"warning: involute.pairs-per-actor = 1 computes the pairs of {task.Name} one by one: side by side they were "
                + $"{task.StackingGain:0.0} times as fast where it was measured (docs/torch.md); with these threads try "
                + $"{perThread}; it belongs to a run's identity");
    }
}
