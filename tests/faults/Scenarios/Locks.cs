using Involute.Faults.Machine;

namespace Involute.Faults.Scenarios;

/// <summary>Another program holds the run's database for long.</summary>
internal static class Locks
{
    private const string Away = "the store does not answer";
    private const string Back = "the store answers again";
    private static readonly TimeSpan Writing = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Reading = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopPromise = TimeSpan.FromSeconds(10);

    // A standby leads by then, or would if it could.
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(18);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    // The log is emptied when it is 64 MiB longer than the database; then the checkpoints come that the learner has made.
    private const long LogBound = 64L << 20;
    private const int CheckpointsInFlight = 8;

    /// <summary>It writes for 90 s.</summary>
    public static async Task<string> WriterAsync(Lab lab, string run, Chance chance)
    {
        var process = lab.Start(run, lab.Alone(run));
        await lab.UntilStepAsync(run, 30, process.End);
        await lab.WaitAsync(chance.Seconds(0, 1));
        TimeSpan noticed;
        using (OtherProgram.Writing(Database(lab, run)))
        {
            noticed = await lab.UntilSaidAsync(process, Away);
            await lab.WaitAsync(Settling);
            var step = lab.Step(run);
            await lab.WaitAsync(Writing - noticed - Settling);
            Lab.Require(lab.Step(run) == step, $"{lab.Step(run) - step} steps were done that could not be written");
        }

        var back = await lab.UntilSaidAsync(process, Back);
        await lab.UntilStepAsync(run, lab.Step(run) + 20, process.End);
        await lab.StopAsync(run, process);
        Lab.Require(process.Said(Away) == 1, $"{process.Said(Away)} lines say that the store is away");
        return $"one line after {noticed.TotalSeconds:0.0} s, no step meanwhile, on {back.TotalSeconds:0.0} s after the lock";
    }

    /// <summary>It reads for two minutes, so that the write-ahead log cannot be emptied.</summary>
    public static async Task<string> ReaderAsync(Lab lab, string run, Chance chance)
    {
        var process = lab.Start(run, lab.Alone(run));
        await lab.UntilStepAsync(run, 5, process.End);
        await lab.WaitAsync(chance.Seconds(0, 1));
        var (longest, database) = (0L, new FileInfo(Database(lab, run)));
        var log = new FileInfo(database.FullName + "-wal");
        var start = TimeProvider.System.GetTimestamp();
        TimeSpan noticed;
        using (OtherProgram.Reading(database.FullName))
        {
            noticed = await lab.UntilSaidAsync(process, "another process has been reading it");
            while (TimeProvider.System.GetElapsedTime(start) < Reading)
            {
                await lab.WaitAsync(Settling);
                log.Refresh();
                longest = Math.Max(longest, log.Length);
            }
        }

        database.Refresh();
        var checkpoint = database.Length;
        var back = await lab.UntilSaidAsync(process, Back);
        await lab.UntilStepAsync(run, lab.Step(run) + 20, process.End);
        await lab.StopAsync(run, process);
        var measured = $"a line after {noticed.TotalSeconds:0.0} s; the log had at most {longest >> 20} MiB beside a database of "
            + $"{database.Length >> 20} MiB; on {back.TotalSeconds:0.0} s after the reader had gone";
        Lab.Require(longest < LogBound + (CheckpointsInFlight * checkpoint), measured);
        return measured;
    }

    /// <summary>
    /// Another session locks the tables of a PostgreSQL database: the learner is asked to stop, and a standby that is about
    /// to lead.
    /// </summary>
    public static async Task<string> PostgresAsync(Lab lab, string run, Chance chance)
    {
        var (first, second) = (Ports.Free(), Ports.Free());
        await using var learner = lab.Start($"{run}-first", lab.Learner(run, Stores.Postgres, "--listen", first));
        await using var worker = lab.StartWorker($"{run}-worker", $"{first},{second}");
        await lab.UntilStepAsync(run, 20, learner.End);
        await lab.WaitAsync(chance.Seconds(0, 1));
        learner.HoldBack();
        TimeSpan stopped;
        using (OtherProgram.OnServer(Stores.Connection!))
        {
            await lab.WaitAsync(Settling);
            stopped = await StopAsync(lab, learner);
        }

        learner.LetStart();
        await lab.UntilStepAsync(run, lab.Step(run) + 20, learner.End);
        await using var standby = lab.Start($"{run}-second", lab.Learner(run, [], "--listen", second, "--join", first));
        await lab.UntilMembersAsync(run, 3, learner.End);
        learner.HoldBack();
        standby.HoldBack();
        TimeSpan standbyStopped;
        using (OtherProgram.OnServer(Stores.Connection!))
        {
            learner.Signal(Signals.Kill);
            await lab.WaitAsync(Takeover);
            standbyStopped = await StopAsync(lab, standby);
        }

        learner.LetStart();
        await lab.UntilStepAsync(run, lab.Step(run) + 20, learner.End);
        await lab.StopAsync(run, learner);
        return $"143 after {stopped.TotalSeconds:0.0} s and {standbyStopped.TotalSeconds:0.0} s";
    }

    private static async Task<TimeSpan> StopAsync(Lab lab, SupervisedProcess process)
    {
        process.Signal(Signals.Terminate);
        var stopped = await lab.UntilAsync(() => process.ExitCodes.Count > 0, process.End);
        var code = Signals.ExitCode(Signals.Terminate);
        Lab.Require(process.ExitCodes is [var it] && it == code, $"the exit codes are [{string.Join(", ", process.ExitCodes)}]");
        lab.RequireInTime(stopped, StopPromise, $"it took {stopped.TotalSeconds:0.0} s to stop");
        return stopped;
    }

    private static string Database(Lab lab, string run) => Path.Combine(lab.Runs, run, "run.db");
}
