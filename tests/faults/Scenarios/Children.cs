using Involute.Faults.Machine;

namespace Involute.Faults.Scenarios;

/// <summary>A run whose problem another program computes.</summary>
internal static class Children
{
    private const string Compiler = "cc";
    private const int Victims = 5;

    // What we promise: a child ends with the worker that has started it.
    private static readonly TimeSpan OrphanPromise = TimeSpan.FromSeconds(5);

    /// <summary>The program of the job.</summary>
    public static string Program(string folder) => Path.Combine(folder, "reactor");

    /// <summary>What is missing here to make it.</summary>
    public static string? Lack() => Tool.Failure(Compiler, "--version");

    /// <summary><c>kill -9</c> of learner, workers and children, drawn each time.</summary>
    public static async Task<string> KillsAsync(Lab lab, string run, Chance chance)
    {
        var program = Program(lab.Folder);
        Tool.Require(Compiler, "-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, "reactor.c"), "-lm");
        var children = new ChildPrograms(program);
        await using var cluster = SmallCluster.Start(lab, run, workers: 2);
        var kills = new Dictionary<string, int> { ["learner"] = 0, ["worker"] = 0, ["child"] = 0 };
        var longest = TimeSpan.Zero;
        while (kills.Values.Sum() < lab.Options.Kills * kills.Count)
        {
            // Each life of the learner makes progress: supervisors ensure that by backing off.
            await cluster.UntilStepAsync(lab.Step(run) + 1);
            await lab.WaitAsync(chance.Seconds(0.1, 2));
            Lab.Require(!cluster.Learner.End.IsCompleted, "the learner has ended");
            var victim = chance.Below(Victims) switch { 0 => "learner", 1 or 2 => "worker", _ => "child" };
            if (!Kill(victim))
            {
                continue;
            }

            kills[victim]++;
            var orphaned = await lab.UntilAsync(() => children.All().All(child => IsOwned(child.Parent)), cluster.Learner.End);
            longest = orphaned > longest ? orphaned : longest;
        }

        await cluster.UntilStepAsync(lab.Step(run) + 1);
        await cluster.StopAsync();
        lab.RequireInTime(longest, OrphanPromise, $"after a kill a child lived {longest.TotalSeconds:0.0} s longer than what had started it");
        return $"kills: {string.Join(", ", kills.Select(kill => $"{kill.Value} of a {kill.Key}"))}; children outlived their worker by "
            + $"at most {longest.TotalSeconds:0.0} s; {lab.Job.Steps} steps";

        bool IsOwned(int parent) => cluster.Workers.Append(cluster.Learner).Any(process => process.ProcessId == parent);

        bool Kill(string victim)
        {
            if (victim == "learner")
            {
                return cluster.Learner.Signal(Signals.Kill);
            }

            if (victim == "worker")
            {
                return cluster.Workers[chance.Below(cluster.Workers.Count)].Signal(Signals.Kill);
            }

            var all = children.All();
            return all.Count > 0 && Signals.Send(all[chance.Below(all.Count)].Id, Signals.Kill);
        }
    }
}
