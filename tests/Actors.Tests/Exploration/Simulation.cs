namespace Involute.Actors.Tests.Exploration;

/// <summary>
/// One run in one thread and without a clock. Its seed decides all that happens: first anything may go wrong; then
/// nothing does any more, time passes only when all wait for it, and the run must end.
/// </summary>
internal sealed class Simulation(long seed, Mischief mischief, Tally tally) : IDisposable
{
    private const int MostTicksPerStep = 120;
    private const int MostFairTurns = 40_000;

    private readonly SimulatedWorld _world = new(seed, mischief, tally);

    /// <summary>What has happened.</summary>
    public Trace Trace => _world.Trace;

    /// <summary>Ends the workers.</summary>
    public void Dispose() => _world.Dispose();

    /// <summary>Runs to the end.</summary>
    /// <exception cref="Violation">A promise was broken, or the run does not end.</exception>
    public void Run()
    {
        while (Trace.Turn < _world.Weather.Turns && !_world.HasFinished)
        {
            Trace.Turn++;
            FaultyTurn();
        }

        StopFaults();
        var last = Trace.Turn + MostFairTurns;
        var (version, ticks) = (-1L, 0);
        while (!_world.HasFinished)
        {
            Violation.Unless(Trace.Turn++ < last, "the run does not come to rest");
            if (FairTurn())
            {
                continue;
            }

            var now = _world.Learner?.State?.Outer.Theta.Version.Value ?? -1;
            ticks = now == version ? ticks + 1 : 0;
            version = now;
            Violation.Unless(
                ticks < MostTicksPerStep,
                $"the run does not go on from step {version} ({_world.Learner?.State?.Phase})");
            PassTime();
        }

        _world.Tally.Turns += Trace.Turn;
    }

    private void FaultyTurn()
    {
        Disturb();
        if (_world.Chance.Permille(_world.Weather.Tick))
        {
            _world.Learner?.Tick();
            foreach (var node in _world.Nodes.Where(node => !node.IsWorking))
            {
                node.Register();
            }
        }

        if (_world.Chance.Permille(_world.Weather.Notice))
        {
            _world.NoticeDeath();
            if (_world.Workers.Count > 0)
            {
                _world.Look(_world.Workers[_world.Chance.Below(_world.Workers.Count)]);
            }
        }

        if (_world.Chance.Permille(_world.Weather.StoreWork) && _world.Store.HasWork)
        {
            _world.Store.Work(fair: false);
        }

        Proceed();
    }

    private void Disturb()
    {
        if (_world.Learner is null || _world.Learner.Outcome is not null)
        {
            if (_world.Chance.Permille(_world.Weather.StartWorker))
            {
                _world.Restart();
            }
        }
        else if (_world.Chance.Permille(_world.Weather.CrashLearner))
        {
            _world.EndLearner(Fault.LearnerCrashed);
        }
        else if (_world.Chance.Permille(_world.Weather.Stop))
        {
            _world.Tally.Add(Fault.StopRequested);
            Trace.Note("stop is requested");
            _world.Learner.Stop();
        }

        if (_world.Chance.Permille(_world.Weather.StartWorker))
        {
            _world.StartWorker();
        }

        if (_world.Chance.Permille(_world.Weather.CrashWorker))
        {
            _world.CrashWorker();
        }

        if (_world.Store.IsDown ? _world.Chance.Permille(_world.Weather.StoreUp) : _world.Chance.Permille(
            _world.Weather.StoreDown))
        {
            _world.ToggleStore();
        }
    }

    // Lets one of the parts that have something to do go on.
    private void Proceed()
    {
        var readers = _world.Readers.ToList();
        var news = _world.Nodes.Where(node => node.HasNews).ToList();
        var letters = Math.Min(_world.Network.Count, 10);
        var answers = _world.Store.Answers.Count > 0 && _world.Learner is not null ? 1 : 0;
        var ways = letters + readers.Count + news.Count + answers;
        var way = ways > 0 ? _world.Chance.Below(ways) : 0;
        if (way < letters)
        {
            _world.Deliver();
        }
        else if ((way -= letters) < readers.Count)
        {
            Run(readers[way].Node, readers[way].Pairs);
        }
        else if ((way -= readers.Count) < news.Count)
        {
            news[way].HearNews();
        }
        else if (answers > 0)
        {
            _world.HearStore();
        }
    }

    private void Run(SimulatedNode node, SimulatedPairs pairs)
    {
        if (_world.Chance.Permille(_world.Weather.PairsFail)
            && _world.Learner?.State is { } state
            && _world.Failures.Spend(pairs.Placed.Block, _world.Learner.Self.Uid, state.Outer.Theta.Version.Value))
        {
            if (_world.Chance.Below(2) == 0)
            {
                _world.Tally.Add(Fault.PairsThrew);
                node.Throw(pairs, new InvalidOperationException("an accident"));
            }
            else
            {
                _world.Tally.Add(Fault.PairsStopped);
                Trace.Note("pairs stop", pairs.Self);
                node.Stop(pairs);
            }
        }
        else
        {
            node.Run(pairs);
        }
    }

    private void StopFaults()
    {
        Trace.Note("faults stop");
        _world.Tally.StepsUnderFaults += _world.Learner?.State?.Outer.Theta.Version.Value ?? 0;
        _world.Network.IsFair = true;
        if (_world.Store.IsDown)
        {
            _world.ToggleStore();
        }

        foreach (var worker in _world.Workers.Where(worker => !worker.IsAlive))
        {
            SimulatedWorld.Start(worker);
        }

        if (_world.Workers.Count == 0)
        {
            _world.StartWorker();
        }
    }

    // False if no part has anything to do.
    private bool FairTurn()
    {
        if (_world.Learner is null or { Outcome: not null })
        {
            _world.Restart();
        }
        else if (_world.Network.Count > 0)
        {
            _world.Deliver();
        }
        else if (_world.Readers.FirstOrDefault() is { Node: { } node, Pairs: { } pairs })
        {
            node.Run(pairs);
        }
        else if (_world.Nodes.FirstOrDefault(it => it.HasNews) is { } informed)
        {
            informed.HearNews();
        }
        else if (_world.Store.HasWork)
        {
            _world.Store.Work(fair: true);
        }
        else if (_world.Store.Answers.Count > 0)
        {
            _world.HearStore();
        }
        else
        {
            return _world.NoticeDeath();
        }

        return true;
    }

    private void PassTime()
    {
        Trace.Note("time passes");
        _world.Learner!.Tick();
        _world.Workers.ForEach(_world.Look);
        foreach (var node in _world.Nodes.Where(node => !node.IsWorking))
        {
            node.Register();
        }
    }
}
