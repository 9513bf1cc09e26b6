namespace Involute.Actors.Tests.Exploration;

/// <content>The second part: nothing goes wrong any more, time passes only when all wait for it, and the run must end.</content>
internal sealed partial class Simulation
{
    private const int MostTicksPerStep = 120;
    private const int MostFairTurns = 40_000;

    /// <summary>Runs to the end.</summary>
    /// <exception cref="Violation">A promise was broken, or the run does not end.</exception>
    public void Run()
    {
        while (Trace.Turn < _weather.Turns && !HasFinished)
        {
            Trace.Turn++;
            FaultyTurn();
        }

        StopFaults();
        var last = Trace.Turn + MostFairTurns;
        var (version, ticks) = (-1L, 0);
        while (!HasFinished)
        {
            Violation.Unless(Trace.Turn++ < last, "the run does not come to rest");
            if (FairTurn())
            {
                continue;
            }

            var now = _learner?.State?.Outer.Theta.Version.Value ?? -1;
            ticks = now == version ? ticks + 1 : 0;
            version = now;
            Violation.Unless(
                ticks < MostTicksPerStep,
                $"the run does not go on from step {version} ({_learner?.State?.Phase})");
            PassTime();
        }

        _tally.Turns += Trace.Turn;
    }

    private void StopFaults()
    {
        Trace.Note("faults stop");
        _tally.StepsUnderFaults += _learner?.State?.Outer.Theta.Version.Value ?? 0;
        _network.IsFair = true;
        if (_store.IsDown)
        {
            ToggleStore();
        }

        foreach (var worker in _workers.Where(worker => !worker.IsAlive))
        {
            Start(worker);
        }

        if (_workers.Count == 0)
        {
            StartWorker();
        }
    }

    // False if nobody has anything to do.
    private bool FairTurn()
    {
        if (_learner is null or { Outcome: not null })
        {
            Restart();
        }
        else if (_network.Count > 0)
        {
            Deliver();
        }
        else if (Readers.FirstOrDefault() is { Node: { } node, Pairs: { } pairs })
        {
            node.Run(pairs);
        }
        else if (Nodes.FirstOrDefault(it => it.HasNews) is { } informed)
        {
            informed.HearNews();
        }
        else if (_store.HasWork)
        {
            _store.Work(fair: true);
        }
        else if (_store.Answers.Count > 0)
        {
            HearStore();
        }
        else
        {
            return NoticeDeath();
        }

        return true;
    }

    private void PassTime()
    {
        Trace.Note("time passes");
        _learner!.Tick();
        _workers.ForEach(Look);
        foreach (var node in Nodes.Where(node => !node.IsWorking))
        {
            node.Register();
        }
    }
}
