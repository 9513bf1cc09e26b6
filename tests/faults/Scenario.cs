using Involute.Faults.Machine;
using Involute.Faults.Scenarios;

namespace Involute.Faults;

/// <summary>One way to disturb a run.</summary>
/// <param name="Name">Its name, and that of its run.</param>
/// <param name="What">What is done, for the table.</param>
/// <param name="Seconds">
/// Time for the scenario with its reference and its verification, on two cores with 500 steps and 4 kills: more than
/// it usually takes, so that a time limit holds.
/// </param>
/// <param name="RunAsync">Runs it; returns what was measured, in a few words.</param>
internal sealed record Scenario(string Name, string What, int Seconds, Func<Lab, string, Chance, Task<string>> RunAsync)
{
    /// <summary>Whether it is a failure if the time limit leaves it out.</summary>
    public bool IsCore { get; init; }

    /// <summary>Whether it is run only if it is named: it takes long, and much of the disk.</summary>
    public bool OnRequest { get; init; }

    /// <summary>What is trained; from the command line and the folder of all runs.</summary>
    public Func<Options, string, Job> Job { get; init; } = (options, _) => Faults.Job.Usual(options);

    /// <summary>What this machine lacks for it; null if nothing.</summary>
    public Func<string?> Lack { get; init; } = () => null;

    /// <summary>Its index among all: it decides the random moments, whichever other scenarios are run.</summary>
    public int Number => All.TakeWhile(scenario => scenario.Name != Name).Count();

    /// <summary>How long it takes.</summary>
    public TimeSpan Typical => TimeSpan.FromSeconds(Seconds);

    /// <summary>All scenarios, the most important first: a time limit leaves out the last ones.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("worker-killed", "3 workers, one killed every few seconds", 80, Kills.WorkersAsync) { IsCore = true },
        new("learner-killed", "2 workers, the learner killed again and again", 70, Kills.LearnerAsync) { IsCore = true },
        new("failover", "the leading learner killed, a standby takes over", 50, Failover.KillAsync) { IsCore = true },
        new("worker-restarted", "one of 2 workers killed, started again after 20 s", 150, Restarts.WorkerAsync)
        {
            IsCore = true,
            Job = Endless,
        },
        new("worker-cut", "a worker without network for 25 s", 100, Cuts.WorkerAsync) { IsCore = true, Job = Endless },
        new("all-killed", "learner and both workers killed at once", 40, Kills.AllAsync) { IsCore = true },
        new("postgres-failover", "as failover, each learner with its own folder, PostgreSQL", 60, ElsewhereFailover.OnceAsync)
        {
            Lack = Stores.Lack,
        },
        new("large-theta", "1,000,000 parameters, a worker killed, the learner killed", 100, LargeThetas.RunAsync)
        {
            Job = (_, _) => Faults.Job.LargeTheta,
        },
        new("large-states", "240 MB of states in the store, a worker killed, the learner killed", 120, LargeStates.KillsAsync)
        {
            Job = (_, _) => Faults.Job.LargeStates,
        },
        new("huge-states", "4 GB of states, the process killed and resumed, its memory watched", 1500, LargeStates.HugeAsync)
        {
            Job = (_, _) => Faults.Job.HugeStates,
            Lack = LargeStates.LackForHuge,
            OnRequest = true,
        },
        new("worker-terminated", "SIGTERM to a worker", 40, Leaving.WorkerAsync),
        new("hand-over", "SIGTERM to the leading learner, a standby takes over", 40, Failover.TerminateAsync),
        new("disk-full", "the disk with the run full, twice; SIGTERM while it is", 60, Disks.FullAsync)
        {
            Job = Endless,
            Lack = Disk.Lack,
        },
        new("power-cut", "the power of the disk cut again and again", 60, Disks.PowerAsync)
        {
            Job = Endless,
            Lack = Disk.Lack,
        },
        new("worker-out-of-memory", "the system kills a worker that has no more memory", 60, Limits.WorkerMemoryAsync)
        {
            Job = Endless,
            Lack = () => ControlGroup.Lack("memory"),
        },
        new("worker-hiccup", "a worker without network for 3 s", 50, Cuts.HiccupAsync) { Job = Endless },
        new("leader-cut", "the leading learner without network, a standby takes over", 80, Cuts.LeaderAsync) { Job = Endless },
        new("standby-cut", "a standby without network for 25 s, then the leader killed", 150, Cuts.StandbyAsync) { Job = Endless },
        new("postgres-failover-twice", "the same, and the second leader killed too", 90, ElsewhereFailover.TwiceAsync)
        {
            Lack = Stores.Lack,
        },
        new("leader-frozen-standby", "the leader stopped for 25 s beside a standby", 80, Failover.FreezeAsync),
        new("worker-refused", "workers with no plugin, another, and none there", 60, Refusals.WorkerAsync)
        {
            Job = (_, folder) => Faults.Job.Plugin(Refusals.PluginFolder(folder)),
        },
        new("two-learners", "a second learner on a live run", 40, Refusals.SecondLearnerAsync),
        new("failover-back", "the leading learner killed and started again at once, beside a standby", 80, Failover.KillAndRestartAsync),
        new("flipped-bits", "single flipped bits of the database, then verify and resume", 120, FlippedBits.RunAsync)
        {
            Job = (_, _) => Faults.Job.Small,
        },
        new("worker-frozen", "a worker stopped for 20 s (SIGSTOP, SIGCONT)", 60, Freezes.WorkerAsync),
        new("learner-frozen", "the learner stopped for 15 s (SIGSTOP, SIGCONT)", 50, Freezes.LearnerAsync),
        new("log-full", "the disk to which the output goes full", 40, Disks.LogFullAsync) { Lack = Disk.Lack },
        new("clock-jump", "the clocks of learner, worker and standby jump, then the leader is killed", 90, Clocks.JumpAsync)
        {
            Job = Endless,
            Lack = FalseClock.Lack,
        },
        new("window-hung", "a worker's step function does not return", 80, Hanging.WorkerAsync)
        {
            Job = (_, folder) => Faults.Job.Plugin(
                Hanging.PluginFolder(folder), $"involute.window-limit={Hanging.LimitSeconds}"),
        },
        new("learner-out-of-memory", "the same for the learner", 60, Limits.LearnerMemoryAsync)
        {
            Job = Endless,
            Lack = () => ControlGroup.Lack("memory"),
        },
        new("worker-throttled", "a worker with a tenth of a processor for 20 s", 60, Limits.ProcessorAsync)
        {
            Job = Endless,
            Lack = () => ControlGroup.Lack("cpu"),
        },
        new("worker-suspended", "a worker's control group frozen for 20 s", 80, Limits.FreezerAsync)
        {
            Job = Endless,
            Lack = () => ControlGroup.Lack("freezer"),
        },
        new("store-locked", "another program writes to the database for 90 s", 150, Locks.WriterAsync) { Job = Endless },
        new("store-read", "another program reads the database for 2 minutes", 200, Locks.ReaderAsync)
        {
            Job = (_, _) => Faults.Job.LargeCheckpoints,
        },
        new("postgres-locked", "the tables locked; SIGTERM to the learner, to a standby that takes over", 90, Locks.PostgresAsync)
        {
            Job = Endless,
            Lack = Stores.Lack,
        },
        new("mixed-killed", "learner or one of 3 workers killed, again and again", 80, Soaks.MixedKillsAsync) { Job = Endless },
        new("children-killed", "a problem in C: learner, one of 2 workers or a child killed, again and again", 120, Children.KillsAsync)
        {
            Job = (_, folder) => Faults.Job.Foreign(Children.Program(folder)),
            Lack = Children.Lack,
        },
        new("turnover", "workers join and leave all the time", 120, Soaks.TurnoverAsync) { Job = Endless },
        new("workers-2", "2 worker processes", 30, (lab, run, _) => Calm.RunAsync(lab, run, 2)),
        new("workers-1", "1 worker process", 30, (lab, run, _) => Calm.RunAsync(lab, run, 1)),
        new("workers-4", "4 worker processes", 40, (lab, run, _) => Calm.RunAsync(lab, run, 4)),
    ];

    private static Job Endless(Options options, string folder) => Faults.Job.Endless(options);
}
