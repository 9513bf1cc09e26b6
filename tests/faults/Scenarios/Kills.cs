namespace Involute.Faults.Scenarios;

/// <summary><c>kill -9</c>.</summary>
internal static class Kills
{
    /// <summary>What we promise: pairs of a killed worker run elsewhere.</summary>
    private static readonly TimeSpan WorkerPromise = TimeSpan.FromSeconds(15);

    /// <summary>A worker at a time, at random moments.</summary>
    public static async Task<string> WorkersAsync(Lab lab, string run, Chance chance)
    {
        var address = Ports.Free();
        await using var learner = lab.Start(run, lab.Learner(run, "--listen", address));
        var workers = Enumerable.Range(1, 3).Select(number => lab.StartWorker($"{run}-worker-{number}", address)).ToList();
        try
        {
            await lab.UntilStepAsync(run, 1, learner.End);
            var kills = 0;
            var longest = TimeSpan.Zero;
            while (!learner.End.IsCompleted && kills < lab.Options.Kills)
            {
                await Task.WhenAny(Lab.WaitAsync(chance.Seconds(1, 4)), learner.End);
                if (!workers[chance.Below(workers.Count)].Signal(Signals.Kill))
                {
                    continue;
                }

                kills++;
                var stall = await lab.UntilStepAsync(run, lab.Step(run) + 2, learner.End);
                longest = stall > longest ? stall : longest;
            }

            Lab.Require(await Lab.UntilEndAsync(learner) == 0, "the learner did not end with 0");
            Lab.Require(kills > 0, "the run was over before a worker was killed: more --steps are needed");
            Lab.Require(longest < WorkerPromise, $"after a kill it took {longest.TotalSeconds:0.0} s until the next steps");
            return $"{kills} kills; longest stall {longest.TotalSeconds:0.0} s";
        }
        finally
        {
            await EndAsync(workers);
        }
    }

    /// <summary>The learner, as often as was asked for.</summary>
    public static async Task<string> LearnerAsync(Lab lab, string run, Chance chance)
    {
        var address = Ports.Free();
        await using var learner = lab.Start(run, lab.Learner(run, "--listen", address));
        List<SupervisedProcess> workers =
            [lab.StartWorker($"{run}-worker-1", address), lab.StartWorker($"{run}-worker-2", address)];
        try
        {
            var kills = 0;
            var longest = TimeSpan.Zero;
            while (kills < lab.Options.Kills)
            {
                // Only a learner that has moved is killed again: every life makes progress, as supervisors back off to ensure.
                await lab.UntilStepAsync(run, lab.Step(run) + 1, learner.End);
                await Task.WhenAny(Lab.WaitAsync(chance.Seconds(0.1, 1.5)), learner.End);
                if (learner.End.IsCompleted)
                {
                    break;
                }

                var before = lab.Step(run);
                if (learner.Signal(Signals.Kill))
                {
                    kills++;
                    var stall = await lab.UntilStepAsync(run, before + 1, learner.End);
                    longest = stall > longest ? stall : longest;
                }
            }

            Lab.Require(kills == lab.Options.Kills, $"the run was over after {kills} kills: more --steps are needed");
            Lab.Require(await Lab.UntilEndAsync(learner) == 0, "the learner did not end with 0");
            return $"{kills} kills; longest until a new step {longest.TotalSeconds:0.0} s";
        }
        finally
        {
            await EndAsync(workers);
        }
    }

    /// <summary>Everything at once.</summary>
    public static async Task<string> AllAsync(Lab lab, string run, Chance chance)
    {
        var address = Ports.Free();
        await using var learner = lab.Start(run, lab.Learner(run, "--listen", address));
        List<SupervisedProcess> workers =
            [lab.StartWorker($"{run}-worker-1", address), lab.StartWorker($"{run}-worker-2", address)];
        try
        {
            await lab.UntilStepAsync(run, lab.Options.Steps / 3, learner.End);
            await Lab.WaitAsync(chance.Seconds(0, 1));
            var before = lab.Step(run);
            Lab.Require(!learner.End.IsCompleted, "the run was over before the kill: more --steps are needed");
            foreach (var process in workers.Append(learner))
            {
                process.Signal(Signals.Kill);
            }

            var stall = await lab.UntilStepAsync(run, before + 1, learner.End);
            Lab.Require(await Lab.UntilEndAsync(learner) == 0, "the learner did not end with 0");
            return $"a new step after {stall.TotalSeconds:0.0} s";
        }
        finally
        {
            await EndAsync(workers);
        }
    }

    /// <summary>Ends workers whose run is over.</summary>
    public static async Task EndAsync(IEnumerable<SupervisedProcess> workers)
    {
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }
    }
}
