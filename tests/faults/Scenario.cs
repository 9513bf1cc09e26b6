using Involute.Faults.Scenarios;

namespace Involute.Faults;

/// <summary>One way to disturb a run.</summary>
/// <param name="Name">Its name, and that of its run.</param>
/// <param name="What">What is done, for the table.</param>
/// <param name="RunAsync">Does it; returns what was measured, in a few words.</param>
internal sealed record Scenario(string Name, string What, Func<Lab, string, Chance, Task<string>> RunAsync)
{
    /// <summary>All, in the order they are run.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("workers-1", "1 worker process", (lab, run, _) => Calm.RunAsync(lab, run, 1)),
        new("workers-2", "2 worker processes", (lab, run, _) => Calm.RunAsync(lab, run, 2)),
        new("workers-4", "4 worker processes", (lab, run, _) => Calm.RunAsync(lab, run, 4)),
        new("worker-killed", "3 workers, one killed every few seconds", Kills.WorkersAsync),
        new("learner-killed", "2 workers, the learner killed again and again", Kills.LearnerAsync),
        new("all-killed", "learner and both workers killed at once", Kills.AllAsync),
        new("failover", "the leading learner killed, a standby takes over", Failover.KillAsync),
        new("failover-back", "the leading learner killed and started again at once, beside a standby", Failover.KillAndRestartAsync),
        new("hand-over", "SIGTERM to the leading learner, a standby takes over", Failover.TerminateAsync),
        new("worker-frozen", "a worker stopped for 20 s (SIGSTOP, SIGCONT)", Freezes.WorkerAsync),
        new("learner-frozen", "the learner stopped for 15 s (SIGSTOP, SIGCONT)", Freezes.LearnerAsync),
        new("two-learners", "a second learner on a live run", Refusals.SecondLearnerAsync),
    ];
}
