namespace Involute.Faults.Scenarios;

/// <summary><c>kill -9</c>.</summary>
internal static class Kills
{
    /// <summary>What we promise: pairs of a killed worker run elsewhere.</summary>
    private static readonly TimeSpan WorkerPromise = TimeSpan.FromSeconds(15);

    /// <summary>Kills one worker at a time, at random moments.</summary>
    public static async Task<string> WorkersAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 3);
        await cluster.UntilStepAsync(1);
        var kills = 0;
        var longest = TimeSpan.Zero;
        while (!cluster.Learner.End.IsCompleted && kills < lab.Options.Kills)
        {
            await Task.WhenAny(lab.WaitAsync(chance.Seconds(1, 4)), cluster.Learner.End);
            if (!cluster.Workers[chance.Below(cluster.Workers.Count)].Signal(Signals.Kill))
            {
                continue;
            }

            kills++;
            var stall = await cluster.UntilStepAsync(lab.Step(run) + 2);
            longest = stall > longest ? stall : longest;
        }

        await cluster.UntilDoneAsync();
        Lab.Require(kills > 0, "the run was over before a worker was killed: more --steps are needed");
        lab.RequireInTime(longest, WorkerPromise, $"after a kill it took {longest.TotalSeconds:0.0} s until the next steps");
        return $"{kills} kills; longest stall {longest.TotalSeconds:0.0} s";
    }

    /// <summary>Kills the learner, as often as the options say.</summary>
    public static async Task<string> LearnerAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 2);
        var kills = 0;
        var longest = TimeSpan.Zero;
        while (kills < lab.Options.Kills)
        {
            // Only a learner that has done a step is killed again, so that every life makes progress: supervisors
            // ensure that by backing off.
            await cluster.UntilStepAsync(lab.Step(run) + 1);
            await Task.WhenAny(lab.WaitAsync(chance.Seconds(0.1, 1.5)), cluster.Learner.End);
            if (cluster.Learner.End.IsCompleted)
            {
                break;
            }

            if (cluster.Learner.Signal(Signals.Kill))
            {
                kills++;
                var stall = await cluster.UntilStepAsync(lab.Step(run) + 1);
                longest = stall > longest ? stall : longest;
            }
        }

        Lab.Require(kills == lab.Options.Kills, $"the run was over after {kills} kills: more --steps are needed");
        await cluster.UntilDoneAsync();
        return $"{kills} kills; longest until a new step {longest.TotalSeconds:0.0} s";
    }

    /// <summary>Kills all processes at once.</summary>
    public static async Task<string> AllAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 2);
        await cluster.UntilStepAsync(lab.Options.Steps / 3);
        await lab.WaitAsync(chance.Seconds(0, 1));
        Lab.Require(!cluster.Learner.End.IsCompleted, "the run was over before the kill: more --steps are needed");
        foreach (var process in cluster.Workers.Append(cluster.Learner))
        {
            process.Signal(Signals.Kill);
        }

        var stall = await cluster.UntilStepAsync(lab.Step(run) + 1);
        await cluster.UntilDoneAsync();
        return $"a new step after {stall.TotalSeconds:0.0} s";
    }
}
