namespace Involute.Faults.Networks;

/// <summary>
/// A learner, two workers and maybe a standby, which reach each other through a <see cref="CutNetwork"/> only.
/// </summary>
internal sealed class CutCluster : IAsyncDisposable
{
    private readonly Lab _lab;
    private readonly string _run;

    private CutCluster(Lab lab, string run)
    {
        _lab = lab;
        _run = run;
        Network = new CutNetwork(lab.Cancellation);
        Learner = Network.Add();
        Workers = [Network.Add(), Network.Add()];
    }

    public CutNetwork Network { get; }

    public Relay Learner { get; }

    public IReadOnlyList<Relay> Workers { get; }

    public Relay? Standby { get; private set; }

    /// <summary>Begins a run.</summary>
    public static CutCluster Start(Lab lab, string run)
    {
        var cluster = new CutCluster(lab, run);
        cluster.Learner.Process = lab.Start(run, lab.Learner(run, [], cluster.Learner.Arguments));
        foreach (var (number, worker) in cluster.Workers.Index())
        {
            worker.Process = lab.StartWorker($"{run}-worker-{number + 1}", cluster.Learner.Address, worker.Arguments);
        }

        return cluster;
    }

    /// <summary>Starts a standby.</summary>
    public void AddStandby()
    {
        Standby = Network.Add();
        Standby.Process = _lab.Start(
            $"{_run}-standby", _lab.Learner(_run, [], [.. Standby.Arguments, "--join", Learner.Address]));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _lab.Processes)
        {
            await process.DisposeAsync();
        }

        await Network.DisposeAsync();
    }
}
