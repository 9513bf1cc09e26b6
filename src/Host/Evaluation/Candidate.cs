using Involute.Tasks.InnerTasks;

namespace Involute.Host.Evaluation;

/// <summary>An optimizer with fixed parameters, to train a task with.</summary>
/// <param name="Name">For tables and plots.</param>
/// <param name="Problem">The task and the optimizer.</param>
/// <param name="Theta">The optimizer's parameters.</param>
internal sealed record Candidate(string Name, OptimizedTask Problem, float[] Theta);
