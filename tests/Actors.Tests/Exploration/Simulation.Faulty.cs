namespace Involute.Actors.Tests.Exploration;

/// <content>The first part of a run: anything may go wrong.</content>
internal sealed partial class Simulation
{
    private void FaultyTurn()
    {
        Disturb();
        if (_chance.Permille(_weather.Tick))
        {
            _learner?.Tick();
            foreach (var node in Nodes.Where(node => !node.IsWorking))
            {
                node.Register();
            }
        }

        if (_chance.Permille(_weather.Notice))
        {
            NoticeDeath();
            if (_workers.Count > 0)
            {
                Look(_workers[_chance.Below(_workers.Count)]);
            }
        }

        if (_chance.Permille(_weather.StoreWork) && _store.HasWork)
        {
            _store.Work(fair: false);
        }

        Proceed();
    }

    private void Disturb()
    {
        if (_learner is null || _learner.Outcome is not null)
        {
            if (_chance.Permille(_weather.StartWorker))
            {
                Restart();
            }
        }
        else if (_chance.Permille(_weather.CrashLearner))
        {
            EndLearner(Fault.LearnerCrashed);
        }
        else if (_chance.Permille(_weather.Stop))
        {
            _tally.Add(Fault.StopRequested);
            Trace.Note("stop is requested");
            _learner.Stop();
        }

        if (_chance.Permille(_weather.StartWorker))
        {
            StartWorker();
        }

        if (_chance.Permille(_weather.CrashWorker))
        {
            CrashWorker();
        }

        if (_store.IsDown ? _chance.Permille(_weather.StoreUp) : _chance.Permille(_weather.StoreDown))
        {
            ToggleStore();
        }
    }

    // A run that was stopped, or whose last checkpoint failed, goes on as one that has crashed.
    private void Restart()
    {
        if (_learner is not null)
        {
            EndLearner(null);
        }

        _settings = _settings with { Run = _settings.Run with { CheckpointInterval = 1 + _chance.Below(5) } };
        StartLearner();
    }

    private void ToggleStore()
    {
        Trace.Note(_store.IsDown ? "store comes up" : "store goes down");
        if (_store.IsDown)
        {
            _store.ComeUp();
        }
        else
        {
            _store.GoDown();
        }
    }

    // One of those who have something to do.
    private void Proceed()
    {
        var readers = Readers.ToList();
        var news = Nodes.Where(node => node.HasNews).ToList();
        var letters = Math.Min(_network.Count, 10);
        var answers = _store.Answers.Count > 0 && _learner is not null ? 1 : 0;
        var ways = letters + readers.Count + news.Count + answers;
        var way = ways > 0 ? _chance.Below(ways) : 0;
        if (way < letters)
        {
            Deliver();
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
            HearStore();
        }
    }

    private void Run(SimulatedNode node, SimulatedPairs pairs)
    {
        if (_chance.Permille(_weather.PairsFail)
            && _learner?.State is { } state
            && _failures.Spend(pairs.Placed.Block, _learner.Self.Uid, state.Outer.Theta.Version.Value))
        {
            if (_chance.Below(2) == 0)
            {
                _tally.Add(Fault.PairsThrew);
                node.Throw(pairs, new InvalidOperationException("an accident"));
            }
            else
            {
                _tally.Add(Fault.PairsStopped);
                Trace.Note("pairs stop", pairs.Self);
                node.Stop(pairs);
            }
        }
        else
        {
            node.Run(pairs);
        }
    }

    private void HearStore()
    {
        var answer = _store.Answers.Dequeue();
        Trace.Note("store says", answer);
        _learner!.Receive(answer);
    }
}
